#include "include/CPatternScan.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define VARIANTS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VARIANTS
#endif

#define LANES 16
#define VECTORS (CPS_PLACES / LANES)
typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef int masks __attribute__((vector_size(4 * LANES)));

VARIANTS bool cps_squares(const float *first, const ptrdiff_t *offsets, const float *values,
                          const float *weights, size_t count, float limit, float *squares) {
  lanes sums[VECTORS];
  memset(sums, 0, sizeof sums);
  for (size_t i = 0; i < count; i++) {
    for (size_t v = 0; v < VECTORS; v++) {
      lanes found;
      memcpy(&found, first + offsets[i] + v * LANES, sizeof found);
      const lanes difference = found - values[i];
      sums[v] += weights[i] * difference * difference;
    }
    // Sums only grow: every fourth pixel shows whether any place can still be near enough.
    // Comparisons with NaN are false.
    if ((i & 3) != 3 && i + 1 != count) continue;
    masks near = {0};
    for (size_t v = 0; v < VECTORS; v++) near |= sums[v] < limit;
    int any = 0;
    for (size_t lane = 0; lane < LANES; lane++) any |= near[lane];
    if (!any) return false;
  }
  memcpy(squares, sums, sizeof sums);
  return true;
}
