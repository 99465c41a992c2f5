// Random numbers by the million: sixteen xoshiro128++ generators side by side.
//
// In C because the compiler makes variants of these loops for AVX2 and AVX-512 and picks one when the
// program starts; Swift has one instruction set a binary. Contraction to fused operations is off, so
// that every variant gives the same numbers.
#ifndef CVECTORRANDOM_H
#define CVECTORRANDOM_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define CVR_LANES 16

typedef struct {
  uint32_t words[4][CVR_LANES]; // no lane all zero
  uint64_t spare;               // of the scalar generator that settles refused gamma draws
} cvr_state;

// Each fills `count` numbers; a number depends on the state and its place alone.
void cvr_uniform(cvr_state *state, float *out, size_t count);    // U(0, 1), both ends excluded
void cvr_normal(cvr_state *state, float *out, size_t count);     // N(0, 1), at most 5.77 away
// Square roots of Gamma(shape, 1), shape >= 1.
void cvr_gamma_root(cvr_state *state, float *out, size_t count, double shape);

#ifdef __cplusplus
}
#endif
#endif
