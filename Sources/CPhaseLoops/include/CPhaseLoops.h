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

// The wrapped phase [rows, columns] after Goldstein and Werner's filter, NaN where it was NaN: windows
// of `window` pixels a side begin every `step` pixels, and their spectra are multiplied by the power
// `alpha` of their moduli, averaged over 3 x 3. False if memory is exhausted.
bool cpl_goldstein(const cpl_transform *window, size_t step, float alpha, float *phase, size_t rows,
                   size_t columns);

// out [rows, columns] becomes (out + s) * factor, s being the cubic spline with the coefficients
// coarse [coarse_rows, coarse_columns]. A row depends on four coefficients from its start, with the
// weights [4, rows]; a column likewise. wide has room for coarse_rows * columns numbers.
void cpl_add_spline(const float *coarse, size_t coarse_rows, size_t coarse_columns,
                    const int32_t *row_starts, const float *row_weights,
                    const int32_t *column_starts, const float *column_weights, float factor,
                    float *wide, float *out, size_t rows, size_t columns);

// 1 / critical baseline of each pixel: flat on level ground, hidden in layover and shadow. The slope
// away from the satellite is that of the heights per column times east plus per row times south;
// tangent is that of the incidence angle. A slope that is NaN counts as level.
void cpl_reciprocal_baselines(const float *heights, size_t rows, size_t columns, float east,
                              float south, float tangent, float flat, float hidden, float *out);

// out = rest times (score - threshold) * scale + 1/2, between 0 and 1; rest is reduced by it.
void cpl_cover(const float *score, float threshold, float scale, float *rest, float *out,
               size_t count);

// coherence g becomes g + t g (1 - g), t being the texture between -1 and 1; the result lies in [0, 1].
void cpl_texture(const float *texture, float *coherence, size_t count);

// Values of every second pixel become all, with means between them, times factor, and times
// 1 - baseline * reciprocals, at least 0, if those are given. nodes has rows / 2 + 1 rows at least and
// node_columns of columns / 2 + 1 at least; line has room for node_columns numbers.
void cpl_spread(const float *nodes, size_t node_columns, const float *reciprocals, float baseline,
                float factor, float *line, float *out, size_t rows, size_t columns);

// A row of the factors of `cpl_field`, of `count` columns, a multiple of CPL_LANES: values of a table
// against the sum of the squares of row and column, linear between entries, times gains. Bits of a
// float above CPL_TABLE_SHIFT, less `first`, are the place in the table; below the first place is 0.
// Returns the sum of weight times the square of the value.
#define CPL_TABLE_SHIFT 19
float cpl_amplitudes(const float *table, uint32_t first, float row_square,
                     const float *column_squares, const float *column_weights,
                     const float *column_gains, float row_gain, float *factors, size_t height,
                     size_t count);

// Wraps each phase to [-pi, pi). NaN stays NaN; infinity becomes NaN.
void cpl_wrap(const float *phase, float *out, size_t count);

#ifdef __cplusplus
}
#endif
#endif
