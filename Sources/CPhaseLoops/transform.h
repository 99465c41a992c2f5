// Fourier transforms of several lines at a time, one in each lane of a vector. To be included with
// REAL_BITS 32 (float, sixteen lanes) or 64 (double, eight lanes).
#ifndef TRANSFORM_H
#define TRANSFORM_H
#include "lanes.h"

#if REAL_BITS == 32
typedef float real;
#define transform cpl_transform
#define transform_make cpl_transform_make
#define transform_free cpl_transform_free
#define transform_length cpl_transform_length
#define transform_room cpl_transform_room
#define transform_inverse cpl_transform_inverse
#else
typedef double real;
#define transform cpl_double_transform
#define transform_make cpl_double_transform_make
#define transform_free cpl_double_transform_free
#define transform_length cpl_double_transform_length
#define transform_room cpl_double_transform_room
#define transform_inverse cpl_double_transform_inverse
#endif
#define WIDE (512 / REAL_BITS)

typedef real vector __attribute__((vector_size(64)));
typedef struct {
  vector re, im;
} complexes;

size_t transform_length(const transform *t);

// The size of each of the two buffers of a transform, in numbers.
size_t transform_room(const transform *t);

// The inverse transform, not scaled, of each lane of `x`; `spare` is overwritten too. Returns the one
// of the two that the result is in.
complexes *transform_inverse(const transform *t, complexes *x, complexes *spare);

// Rows become columns: four or three times, the halves of the rows are shuffled into each other.
INLINE void transpose(vector *v) {
  vector w[WIDE];
  for (int length = 1; length < WIDE; length *= 2) {
    for (int i = 0; i < WIDE / 2; i++) {
#if REAL_BITS == 32
      w[2 * i] = __builtin_shufflevector(v[i], v[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                         6, 22, 7, 23);
      w[2 * i + 1] = __builtin_shufflevector(v[i], v[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28,
                                             13, 29, 14, 30, 15, 31);
#else
      w[2 * i] = __builtin_shufflevector(v[i], v[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      w[2 * i + 1] = __builtin_shufflevector(v[i], v[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
#endif
    }
    for (int i = 0; i < WIDE; i++) v[i] = w[i];
  }
}
#endif
