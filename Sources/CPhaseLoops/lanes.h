// Vectors of sixteen numbers, which all loops here use.
#ifndef LANES_H
#define LANES_H
#include "include/CPhaseLoops.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define VARIANTS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VARIANTS
#endif
#define INLINE static inline __attribute__((always_inline))

typedef uint32_t bits __attribute__((vector_size(4 * CPL_LANES)));
typedef int32_t ints __attribute__((vector_size(4 * CPL_LANES)));
typedef float lanes __attribute__((vector_size(4 * CPL_LANES)));

typedef struct {
  bits s0, s1, s2, s3;
} generator;

INLINE void load_generator(const cpl_random *state, generator *g) {
  memcpy(g, state->words, sizeof *g);
}
INLINE void store_generator(cpl_random *state, const generator *g) {
  memcpy(state->words, g, sizeof *g);
}

INLINE void next(generator *g, bits *out) {
  const bits sum = g->s0 + g->s3;
  *out = ((sum << 7) | (sum >> 25)) + g->s0;
  const bits shifted = g->s1 << 9;
  g->s2 ^= g->s0;
  g->s3 ^= g->s1;
  g->s1 ^= g->s2;
  g->s0 ^= g->s3;
  g->s2 ^= shifted;
  g->s3 = (g->s3 << 11) | (g->s3 >> 21);
}

// The upper 23 bits as the middles of 2^23 intervals of (0, 1).
INLINE void unit(const bits *b, lanes *out) {
  *out = (lanes)((*b >> 9) | 0x3F800000u) - 0x1.fffffep-1f;
}

// -ln u of u in (0, 1): exponent and the series of artanh, whose error is below 3e-8. Never
// negative: -ln of a mantissa in [sqrt(1/2), sqrt(2)) is at least -ln(2) / 2, and 0 or more where
// the exponent is 0.
INLINE void negative_log(const lanes *u, lanes *out) {
  const ints exponent = (ints)((bits)*u - 0x3F3504F3u) >> 23;
  const lanes mantissa = (lanes)((bits)*u - ((bits)exponent << 23));
  const lanes t = (mantissa - 1.0f) / (mantissa + 1.0f);
  const lanes t2 = t * t;
  const lanes series =
      (((t2 * (2.0f / 9) + 2.0f / 7) * t2 + 2.0f / 5) * t2 + 2.0f / 3) * t2 + 2.0f;
  *out = __builtin_convertvector(exponent, lanes) * -0.69314718f - series * t;
}

// Cosine and sine of a uniform angle. It is drawn in a quarter cycle around 0 and moved to one of
// the four quarters by two spare bits.
INLINE void direction(const bits *b, lanes *x, lanes *y) {
  lanes u;
  unit(b, &u);
  const lanes angle = (u - 0.5f) * 1.57079633f;
  const lanes a = angle * angle;
  // Taylor series; the first term left out is below 3e-8 at an eighth of a turn.
  const lanes sine =
      ((((a * (1.0f / 362880) - 1.0f / 5040) * a + 1.0f / 120) * a - 1.0f / 6) * a + 1.0f) * angle;
  const lanes cosine =
      (((a * (1.0f / 40320) - 1.0f / 720) * a + 1.0f / 24) * a - 0.5f) * a + 1.0f;
  const bits c = (bits)cosine ^ (*b << 31);
  const bits s = (bits)sine;
  // All ones where bit 1 is set: those lanes change places.
  const bits swapped = (c ^ s) & (0u - ((*b >> 1) & 1u));
  *x = (lanes)(c ^ swapped);
  *y = (lanes)(s ^ swapped);
}

#define CHOOSE(mask, yes, no) ((lanes)(((bits)(yes) & (mask)) | ((bits)(no) & ~(mask))))

// atan2(y, x) to 3e-7: an odd polynomial over [0, 1], fitted for the smallest largest error, and its
// mirror images.
INLINE void angle(const lanes *x, const lanes *y, lanes *out) {
  const bits sign = (bits){0} + 0x80000000u;
  const lanes width = (lanes)((bits)*x & ~sign);
  const lanes height = (lanes)((bits)*y & ~sign);
  const bits is_steep = (bits)(height > width);
  const lanes smaller = CHOOSE(is_steep, width, height);
  const lanes larger = CHOOSE(is_steep, height, width);
  // The smallest number keeps 0 / 0 away: the angle of 0 is 0.
  const lanes t = smaller / __builtin_elementwise_max(larger, (lanes){0} + 0x1p-126f);
  const lanes s = t * t;
  lanes sum = s * -4.05456265e-3f + 0.0218628409f;
  sum = sum * s - 0.0559123009f;
  sum = sum * s + 0.0964219570f;
  sum = sum * s - 0.139086291f;
  sum = sum * s + 0.199465662f;
  sum = sum * s - 0.333298594f;
  sum = (sum * s + 0.999999344f) * t;
  sum = CHOOSE(is_steep, 1.57079633f - sum, sum);
  sum = CHOOSE((bits)((ints)*x >> 31), 0x1.921fb4p1f - sum, sum);  // Swift's Float.pi
  *out = (lanes)((bits)sum | ((bits)*y & sign));
}
#endif
