// Gaussian fields: white noise in the half spectrum times factors, and its inverse Fourier
// transform.
//
// The noise of a column is drawn just before its transform; two rows of real numbers are the real
// and imaginary parts of one complex transform.
#define REAL_BITS 32
#include "normals.h"
#include "transform.h"
#include <stdlib.h>

VARIANTS static void fill(cpl_random *state, const cpl_transform *down, const cpl_transform *across,
                          const float *factors, float *out, size_t rows, size_t columns,
                          complexes *x, complexes *spare, complexes *lines) {
  const size_t height = transform_length(down), width = transform_length(across);
  const size_t half = width / 2 + 1;
  const size_t blocks = (half + CPL_LANES - 1) / CPL_LANES;
  const size_t groups = (rows + CPL_LANES - 1) / CPL_LANES;
  generator g;
  load_generator(state, &g);
  for (size_t block = 0; block < blocks; block++) {
    for (size_t row = 0; row < height; row++) {
      lanes factor;
      memcpy(&factor, factors + (block * height + row) * CPL_LANES, sizeof factor);
      normals(&g, &x[row].re, &x[row].im);
      x[row].re *= factor;
      x[row].im *= factor;
    }
    const complexes *columns_done = transform_inverse(down, x, spare);
    for (size_t group = 0; group < groups; group++) {
      lanes re[CPL_LANES], im[CPL_LANES];
      for (size_t i = 0; i < CPL_LANES; i++) {
        re[i] = columns_done[group * CPL_LANES + i].re;
        im[i] = columns_done[group * CPL_LANES + i].im;
      }
      transpose(re);
      transpose(im);
      complexes *place = lines + (group * blocks + block) * CPL_LANES;
      for (size_t i = 0; i < CPL_LANES; i++) place[i] = (complexes){re[i], im[i]};
    }
  }
  store_generator(state, &g);
  for (size_t group = 0; group < groups; group += 2) {
    const complexes *a = lines + group * blocks * CPL_LANES;
    const bool is_pair = group + 1 < groups;
    const complexes *b = is_pair ? a + blocks * CPL_LANES : a;
    // The spectra of real rows are their own mirror images; so the first number and the middle one
    // count as real.
    x[0] = (complexes){a[0].re, b[0].re};
    x[width / 2] = (complexes){a[width / 2].re, b[width / 2].re};
    for (size_t k = 1; k < width / 2; k++) {
      x[k] = (complexes){a[k].re - b[k].im, a[k].im + b[k].re};
      x[width - k] = (complexes){a[k].re + b[k].im, b[k].re - a[k].im};
    }
    const complexes *rows_done = transform_inverse(across, x, spare);
    for (int part = 0; part <= (int)is_pair; part++) {
      const size_t first = (group + part) * CPL_LANES;
      const size_t filled = rows - first < CPL_LANES ? rows - first : CPL_LANES;
      for (size_t column = 0; column < columns; column += CPL_LANES) {
        lanes v[CPL_LANES];
        const size_t wide = columns - column < CPL_LANES ? columns - column : CPL_LANES;
        for (size_t i = 0; i < CPL_LANES; i++) {
          const complexes *number = rows_done + column + (i < wide ? i : 0);
          v[i] = part ? number->im : number->re;
        }
        transpose(v);
        for (size_t i = 0; i < filled; i++) {
          float *line = out + (first + i) * columns + column;
          if (wide == CPL_LANES) memcpy(line, &v[i], sizeof v[i]);
          else memcpy(line, &v[i], sizeof(float) * wide);
        }
      }
    }
  }
}

bool cpl_field(cpl_random *state, const cpl_transform *down, const cpl_transform *across,
               const float *factors, float *out, size_t rows, size_t columns) {
  const size_t blocks = (transform_length(across) / 2 + CPL_LANES) / CPL_LANES;
  const size_t groups = (rows + CPL_LANES - 1) / CPL_LANES;
  const size_t a = transform_room(down), b = transform_room(across);
  const size_t longest = a > b ? a : b;
  const size_t line = longest + CPL_LANES; // the last group of rows may stick out
  const size_t bytes = sizeof(complexes) * (2 * line + groups * blocks * CPL_LANES);
  complexes *memory = aligned_alloc(sizeof(lanes), bytes);
  if (!memory) return false;
  memset(memory, 0, sizeof(complexes) * 2 * line);
  fill(state, down, across, factors, out, rows, columns, memory, memory + line, memory + 2 * line);
  free(memory);
  return true;
}
