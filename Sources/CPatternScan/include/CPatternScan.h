// The comparison of a pattern with many places of an image, in vectors.
#ifndef C_PATTERN_SCAN_H
#define C_PATTERN_SCAN_H
#include <stdbool.h>
#include <stddef.h>

/// Places that are compared at once.
#define CPS_PLACES 64

/// Writes the weighted square differences of a pattern from 64 neighboring places of an image.
///
/// `first` points at the first place; pixel i of the pattern lies `offsets[i]` numbers from a place.
/// Results are the same on every processor.
/// - Returns: whether any may be below `limit`; if not, `squares` is not complete.
bool cps_squares(const float *first, const ptrdiff_t *offsets, const float *values,
                 const float *weights, size_t count, float limit, float *squares);
#endif
