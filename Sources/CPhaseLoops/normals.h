// Source: Box and Muller 1958.
#ifndef NORMALS_H
#define NORMALS_H
#include "lanes.h"

// Two vectors of normals.
INLINE void normals(generator *g, lanes *x, lanes *y) {
  bits radius_bits, angle_bits;
  next(g, &radius_bits);
  next(g, &angle_bits);
  lanes u, logarithm, cosine, sine;
  unit(&radius_bits, &u);
  negative_log(&u, &logarithm);
  const lanes radius = __builtin_elementwise_sqrt(2.0f * logarithm);
  direction(&angle_bits, &cosine, &sine);
  *x = radius * cosine;
  *y = radius * sine;
}
#endif
