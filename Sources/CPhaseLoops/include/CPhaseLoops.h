// The loops over pixels that make a sample: random numbers from sixteen parallel xoshiro128++
// generators, Gaussian fields, decorrelation noise, and wrapping.
//
// They are in C because the C compiler makes variants of these loops for AVX2 and AVX-512, one of
// which is selected when the program starts; a Swift binary has a single instruction set.
// Contraction to fused operations is off, so that every variant gives the same numbers.
#ifndef CPHASELOOPS_H
#define CPHASELOOPS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define CPL_LANES 16

typedef struct {
  uint32_t words[4][CPL_LANES]; // no lane all zero
} cpl_random;

// Each function fills `count` numbers; a number depends only on the state and its position.
void cpl_uniform(cpl_random *state, float *out, size_t count); // U(0, 1), both ends excluded
void cpl_normal(cpl_random *state, float *out, size_t count);  // N(0, 1), at most 5.77 away

// Tables for Fourier transforms of one length, fastest for lengths without prime factors above 5.
// `make` returns NULL if memory is exhausted.
typedef struct cpl_transform cpl_transform;
cpl_transform *cpl_transform_make(size_t length);
void cpl_transform_free(cpl_transform *transform);

// The same in double precision.
typedef struct cpl_double_transform cpl_double_transform;
cpl_double_transform *cpl_double_transform_make(size_t length);
void cpl_double_transform_free(cpl_double_transform *transform);

// Fills [rows, columns] with the corner of a real Gaussian field: the inverse transform, not
// scaled, of complex white noise (N(0, 1) in the real and in the imaginary part) times `factors`.
// Of the half spectrum [height, width / 2 + 1], `down` being of the length height and `across` of
// the even length width, factors hold sixteen columns at a time: [blocks, height, 16], zero where a
// block exceeds the spectrum. False if memory is exhausted.
bool cpl_field(cpl_random *state, const cpl_transform *down, const cpl_transform *across,
               const float *factors, float *out, size_t rows, size_t columns);

// The corner [rows, columns] of a real plane [height, width] whose Fourier transform is multiplied
// by gains and transformed back, not scaled; `down` is of the length height and `across` of the
// length width. A gain applies to a frequency and its mirror images: of the quarter spectrum
// [height / 2 + 1, width / 2 + 1] gains hold eight rows at a time, [blocks, width / 2 + 1, 8], any
// value where a block exceeds the spectrum. False if memory is exhausted.
bool cpl_filter(const cpl_double_transform *down, const cpl_double_transform *across,
                const float *plane, const double *gains, float *out, size_t rows, size_t columns);

// The Fourier transform, which is real and even, of a plane that is even in both directions and
// given by its quarter [height / 2 + 1, width / 2 + 1]; stored as `cpl_filter` takes gains.
bool cpl_even_spectrum(const cpl_double_transform *down, const cpl_double_transform *across,
                       const double *quarter, double *spectrum);

// Replaces each coherence in [0, 1] by phase noise in [-pi, pi] of `looks` (at least 1) averaged
// looks.
void cpl_phase_noise(cpl_random *state, double looks, float *coherence, size_t count);

// A row of a point source's pattern: (along + rest) / (squares + square)^(3/2) for each pixel.
void cpl_point_source(const float *squares, const float *along, float square, float rest, float *out,
                      size_t count);

// Wraps each phase to [-pi, pi). NaN stays NaN; infinity becomes NaN.
void cpl_wrap(const float *phase, float *out, size_t count);

#ifdef __cplusplus
}
#endif
#endif
