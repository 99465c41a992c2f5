// From values on a coarse grid to every pixel: cubic splines for random fields, straight lines for
// coherence; and what slopes of the ground make of coherence.
#include "lanes.h"

VARIANTS static void widen(const float *restrict coarse, size_t rows, size_t coarse_columns,
                           const int32_t *restrict starts, const float *restrict weights,
                           float *restrict wide, size_t columns) {
  const float *a = weights, *b = a + columns, *c = b + columns, *d = c + columns;
  for (size_t row = 0; row < rows; row++) {
    const float *line = coarse + row * coarse_columns;
    float *out = wide + row * columns;
    for (size_t i = 0; i < columns; i++) {
      const float *from = line + starts[i];
      out[i] = (a[i] * from[0] + b[i] * from[1]) + (c[i] * from[2] + d[i] * from[3]);
    }
  }
}

VARIANTS static void heighten(const float *restrict wide, const int32_t *restrict starts,
                              const float *restrict weights, float factor, float *restrict out,
                              size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    const float *first = wide + (size_t)starts[row] * columns;
    const float *second = first + columns, *third = second + columns, *fourth = third + columns;
    const float a = weights[row] * factor, b = weights[rows + row] * factor;
    const float c = weights[2 * rows + row] * factor, d = weights[3 * rows + row] * factor;
    float *line = out + row * columns;
    for (size_t i = 0; i < columns; i++)
      line[i] = line[i] * factor +
                ((a * first[i] + b * second[i]) + (c * third[i] + d * fourth[i]));
  }
}

void cpl_add_spline(const float *coarse, size_t coarse_rows, size_t coarse_columns,
                    const int32_t *row_starts, const float *row_weights,
                    const int32_t *column_starts, const float *column_weights, float factor,
                    float *wide, float *out, size_t rows, size_t columns) {
  widen(coarse, coarse_rows, coarse_columns, column_starts, column_weights, wide, columns);
  heighten(wide, row_starts, row_weights, factor, out, rows, columns);
}

VARIANTS void cpl_reciprocal_baselines(const float *restrict heights, size_t rows, size_t columns,
                                       float east, float south, float tangent, float flat,
                                       float hidden, float *restrict out) {
  for (size_t row = 0; row < rows; row++) {
    const size_t above = row ? row - 1 : 0, below = row + 1 < rows ? row + 1 : row;
    const float down = south / (float)(below > above ? below - above : 1);
    const float *upper = heights + above * columns, *lower = heights + below * columns;
    const float *line = heights + row * columns;
    float *place = out + row * columns;
    for (size_t i = 0; i < columns; i++) {
      const size_t left = i ? i - 1 : 0, right = i + 1 < columns ? i + 1 : i;
      const float across = right > left + 1 ? 0.5f * east : east;
      const float slope = (line[right] - line[left]) * across + (lower[i] - upper[i]) * down;
      // tan(theta - slope) of tangents; both parts are positive where the ground is seen.
      const float part = 1.0f + tangent * slope, rest = tangent - slope;
      const float value = flat * tangent * part / rest;
      const int is_seen = (part > 0.0f) & (rest > 0.0f) & (value < hidden);
      const float seen = is_seen ? value : hidden;
      place[i] = slope == slope ? seen : flat;
    }
  }
}

VARIANTS void cpl_cover(const float *restrict score, float threshold, float scale,
                        float *restrict rest, float *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float inside = (score[i] - threshold) * scale + 0.5f;
    inside = inside < 0.0f ? 0.0f : inside;
    inside = inside > 1.0f ? 1.0f : inside;
    out[i] = inside * rest[i];
    rest[i] -= out[i];
  }
}

VARIANTS void cpl_texture(const float *restrict texture, float *restrict coherence, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float t = texture[i];
    t = t < -1.0f ? -1.0f : t;
    t = t > 1.0f ? 1.0f : t;
    const float value = coherence[i] + t * coherence[i] * (1.0f - coherence[i]);
    const float bounded = value < 0.0f ? 0.0f : value;
    coherence[i] = bounded > 1.0f ? 1.0f : bounded;
  }
}

VARIANTS void cpl_spread(const float *restrict nodes, size_t node_columns,
                         const float *restrict reciprocals, float baseline, float factor,
                         float *restrict line, float *restrict out, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    const float *upper = nodes + row / 2 * node_columns;
    const float *lower = upper + row % 2 * node_columns;
    const float half = 0.5f * factor;
    for (size_t i = 0; i < node_columns; i++) line[i] = (upper[i] + lower[i]) * half;
    float *place = out + row * columns;
    for (size_t i = 0; i < columns / 2; i++) {
      place[2 * i] = line[i];
      place[2 * i + 1] = (line[i] + line[i + 1]) * 0.5f;
    }
    if (columns % 2) place[columns - 1] = line[columns / 2];
    if (!reciprocals) continue;
    const float *slopes = reciprocals + row * columns;
    for (size_t i = 0; i < columns; i++) {
      const float left = 1.0f - baseline * slopes[i];
      place[i] *= left > 0.0f ? left : 0.0f;
    }
  }
}

VARIANTS float cpl_amplitudes(const float *table, uint32_t first, float row_square,
                              const float *column_squares, const float *column_weights,
                              const float *column_gains, float row_gain, float *factors,
                              size_t height, size_t count) {
  lanes sum = {0};
  for (size_t block = 0; block < count; block += CPL_LANES) {
    lanes square, weight, gain, low, high;
    memcpy(&square, column_squares + block, sizeof square);
    memcpy(&weight, column_weights + block, sizeof weight);
    memcpy(&gain, column_gains + block, sizeof gain);
    square += row_square;
    const bits number = (bits)square;
    const bits place = number >> CPL_TABLE_SHIFT;
    for (size_t i = 0; i < CPL_LANES; i++) {
      // Wavenumber 0 has no power.
      const uint32_t index = place[i] < first ? 0 : place[i] - first;
      low[i] = place[i] < first ? 0.0f : table[index];
      high[i] = place[i] < first ? 0.0f : table[index + 1];
    }
    const bits fraction = number & ((1u << CPL_TABLE_SHIFT) - 1u);
    const lanes t = __builtin_convertvector((ints)fraction, lanes) * (1.0f / (1 << CPL_TABLE_SHIFT));
    const lanes value = low + t * (high - low);
    sum += weight * (value * value);
    const lanes factor = value * gain * row_gain;
    memcpy(factors + block * height, &factor, sizeof factor);
  }
  float total = 0;
  for (size_t i = 0; i < CPL_LANES; i++) total += sum[i];
  return total;
}
