// Sources: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021;
// Box and Muller 1958; Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
#include "include/CVectorRandom.h"
#include <math.h>
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define VARIANTS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VARIANTS
#endif
#define INLINE static inline __attribute__((always_inline))

typedef uint32_t bits __attribute__((vector_size(4 * CVR_LANES)));
typedef int32_t ints __attribute__((vector_size(4 * CVR_LANES)));
typedef float lanes __attribute__((vector_size(4 * CVR_LANES)));

typedef struct {
  bits s0, s1, s2, s3;
} generator;

INLINE void load(const cvr_state *state, generator *g) {
  memcpy(g, state->words, sizeof *g);
}
INLINE void store(cvr_state *state, const generator *g) { memcpy(state->words, g, sizeof *g); }

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

// Two vectors of normals. The angle is drawn in a quarter turn around 0 and carried to the other
// three by two spare bits.
INLINE void normals(generator *g, lanes *x, lanes *y) {
  bits radius_bits, angle_bits;
  next(g, &radius_bits);
  next(g, &angle_bits);
  lanes u, logarithm;
  unit(&radius_bits, &u);
  negative_log(&u, &logarithm);
  const lanes radius = __builtin_elementwise_sqrt(2.0f * logarithm);
  unit(&angle_bits, &u);
  const lanes angle = (u - 0.5f) * 1.57079633f;
  const lanes a = angle * angle;
  // Taylor series; the first term left out is below 3e-8 at an eighth of a turn.
  const lanes sine =
      ((((a * (1.0f / 362880) - 1.0f / 5040) * a + 1.0f / 120) * a - 1.0f / 6) * a + 1.0f) * angle;
  const lanes cosine =
      (((a * (1.0f / 40320) - 1.0f / 720) * a + 1.0f / 24) * a - 0.5f) * a + 1.0f;
  const bits c = (bits)cosine ^ (angle_bits << 31);
  const bits s = (bits)sine;
  // All ones where bit 1 is set: those lanes change places.
  const bits swapped = (c ^ s) & (0u - ((angle_bits >> 1) & 1u));
  *x = radius * (lanes)(c ^ swapped);
  *y = radius * (lanes)(s ^ swapped);
}

// Marsaglia and Tsang's last step for one number: their exact test, and new draws until it passes.
static double split_mix(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}
static float settle(uint64_t *state, double x, double u, double d, double c) {
  for (;;) {
    const double base = 1 + c * x;
    const double v = base * base * base;
    if (v > 0 && log(u) < 0.5 * x * x + d - d * v + d * log(v)) return (float)sqrt(d * v);
    x = sqrt(-2 * log(split_mix(state))) * cos(6.283185307179586 * split_mix(state));
    u = split_mix(state);
  }
}

// The numbers that do not fill a block are cut from one more.
#define FILL(block_size, make)                                                                      \
  generator g;                                                                                      \
  load(state, &g);                                                                                  \
  size_t place = 0;                                                                                 \
  while (place < count) {                                                                           \
    float block[block_size];                                                                        \
    make;                                                                                           \
    const size_t rest = count - place;                                                              \
    memcpy(out + place, block, sizeof(float) * (rest < block_size ? rest : block_size));            \
    place += block_size;                                                                            \
  }                                                                                                 \
  store(state, &g);

VARIANTS void cvr_uniform(cvr_state *state, float *out, size_t count) {
  FILL(CVR_LANES, {
    bits b;
    lanes u;
    next(&g, &b);
    unit(&b, &u);
    memcpy(block, &u, sizeof u);
  })
}

VARIANTS void cvr_normal(cvr_state *state, float *out, size_t count) {
  FILL(2 * CVR_LANES, {
    lanes x;
    lanes y;
    normals(&g, &x, &y);
    memcpy(block, &x, sizeof x);
    memcpy(block + CVR_LANES, &y, sizeof y);
  })
}

// Of one look: an exponential.
INLINE void exponential_root(cvr_state *state, float *out, size_t count) {
  FILL(CVR_LANES, {
    bits b;
    lanes u;
    lanes e;
    next(&g, &b);
    unit(&b, &u);
    negative_log(&u, &e);
    e = __builtin_elementwise_sqrt(e);
    memcpy(block, &e, sizeof e);
  })
}

INLINE void gamma_root(cvr_state *state, float *out, size_t count, double shape) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / sqrt(9 * d);
  const float df = (float)d;
  const float cf = (float)c;
  FILL(2 * CVR_LANES, {
    lanes x[2];
    normals(&g, &x[0], &x[1]);
    for (int half = 0; half < 2; half++) {
      bits b;
      lanes u;
      next(&g, &b);
      unit(&b, &u);
      const lanes base = x[half] * cf + 1.0f;
      const lanes v = base * base * base;
      const lanes square = x[half] * x[half];
      const lanes slack = 1.0f - 0.0331f * square * square - u;
      const lanes root = __builtin_elementwise_sqrt(v * df);
      memcpy(block + half * CVR_LANES, &root, sizeof root);
      // Their squeeze: where a sign bit is set, the exact test decides.
      const bits doubtful = (bits)slack | (bits)v;
      if (__builtin_reduce_or(doubtful) >> 31)
        for (int lane = 0; lane < CVR_LANES; lane++)
          if (doubtful[lane] >> 31)
            block[half * CVR_LANES + lane] = settle(&state->spare, x[half][lane], u[lane], d, c);
    }
  })
}

VARIANTS void cvr_gamma_root(cvr_state *state, float *out, size_t count, double shape) {
  if (shape > 1) gamma_root(state, out, count, shape);
  else exponential_root(state, out, count);
}
