#include "lanes.h"

VARIANTS void cpl_point_source(const float *squares, const float *along, float square, float rest,
                               float *out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float inverse = 1.0f / __builtin_elementwise_sqrt(squares[i] + square);
    out[i] = (along[i] + rest) * (inverse * inverse * inverse);
  }
}
