// Noise of decorrelation: the angle of gamma + sqrt(1 - gamma^2) r exp(i theta).
//
// The average of L looks is proportional to gamma t + sqrt(1 - gamma^2) z, t^2 from Gamma(L, 1) and z
// a circular complex normal (the complex Wishart matrix in Bartlett's triangular form). Its angle
// needs z / t alone, whose own angle is uniform and whose modulus r has P(r^2 > x) = (1 + x)^-L: so
// r^2 = u^(-1/L) - 1 of a uniform u. Source: Goodman, "Statistical analysis based on a certain
// multivariate complex Gaussian distribution", 1963.
#include "lanes.h"

// exp(e) - 1 of e in [0, 17], to 7e-7 of it.
INLINE void exponential_less_one(const lanes *e, lanes *out) {
  const ints power = __builtin_convertvector(*e * 1.44269504f + 0.5f, ints);
  const lanes r = *e - __builtin_convertvector(power, lanes) * 0.69314718f;
  const lanes scale = (lanes)((power + 127) << 23);
  const lanes series =
      (((((r * (1.0f / 720) + 1.0f / 120) * r + 1.0f / 24) * r + 1.0f / 6) * r + 0.5f) * r + 1.0f) *
      r;
  *out = series * scale + (scale - 1.0f);
}

INLINE void noise(generator *g, float inverse_looks, lanes *coherence) {
  bits modulus_bits, angle_bits;
  next(g, &modulus_bits);
  next(g, &angle_bits);
  lanes u, exponent, square, cosine, sine;
  unit(&modulus_bits, &u);
  negative_log(&u, &exponent);
  exponent *= inverse_looks;
  exponential_less_one(&exponent, &square);
  const lanes gamma = *coherence;
  const lanes modulus = __builtin_elementwise_sqrt(square * (1.0f - gamma * gamma));
  direction(&angle_bits, &cosine, &sine);
  const lanes real = gamma + modulus * cosine;
  const lanes imaginary = modulus * sine;
  angle(&real, &imaginary, coherence);
}

VARIANTS void cpl_phase_noise(cpl_random *state, double looks, float *coherence, size_t count) {
  generator g;
  load_generator(state, &g);
  const float inverse_looks = (float)(1 / looks);
  lanes block;
  size_t place = 0;
  for (; place + CPL_LANES <= count; place += CPL_LANES) {
    memcpy(&block, coherence + place, sizeof block);
    noise(&g, inverse_looks, &block);
    memcpy(coherence + place, &block, sizeof block);
  }
  if (place < count) {
    memset(&block, 0, sizeof block);
    memcpy(&block, coherence + place, sizeof(float) * (count - place));
    noise(&g, inverse_looks, &block);
    memcpy(coherence + place, &block, sizeof(float) * (count - place));
  }
  store_generator(state, &g);
}
