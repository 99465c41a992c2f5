#include "lanes.h"
#include <math.h>

VARIANTS void cpl_wrap(const float *phase, float *out, size_t count) {
  const double pi = 3.141592653589793;
  const float end = 0x1.921fb4p1f; // Swift's Float.pi, the last number below pi
  for (size_t i = 0; i < count; i++) {
    // In double precision: a phase of thousands of radians keeps what its float held of it.
    const double value = phase[i];
    const float rest = (float)(value - 2 * pi * floor((value + pi) / (2 * pi)));
    // Rounding to float may step over either end by half an ulp; both ends are the same phase, and
    // keeping it at -pi makes wrapping a wrapped phase change nothing.
    out[i] = rest >= end || rest < -end ? -end : rest;
  }
}
