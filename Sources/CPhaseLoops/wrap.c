#include "lanes.h"
#include <math.h>

VARIANTS void cpl_wrap(const float *phase, float *out, size_t count) {
  const double pi = 3.141592653589793;
  const float end = 0x1.921fb4p1f; // Swift's Float.pi, the last number below pi
  for (size_t i = 0; i < count; i++) {
    // In double precision, so that a phase of thousands of rad keeps the precision of its float.
    const double value = phase[i];
    const float rest = (float)(value - 2 * pi * floor((value + pi) / (2 * pi)));
    // Rounding to float may exceed either end by half an ulp. Both ends are the same phase; using
    // -pi makes wrapping idempotent.
    out[i] = rest >= end || rest < -end ? -end : rest;
  }
}
