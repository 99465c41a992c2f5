// Goldstein and Werner's filter: sixteen windows at a time, one in each lane.
#define REAL_BITS 32
#include "transform.h"
#include <stdlib.h>

// Cosine and sine of angles in [-pi, pi], to 1e-7: Taylor series within an eighth of a turn.
INLINE void cosine_sine(const lanes *phase, lanes *x, lanes *y) {
  const ints quarter = __builtin_convertvector(*phase * 0.636619772f + 16.5f, ints) - 16;
  const lanes turns = __builtin_convertvector(quarter, lanes);
  const lanes angle = (*phase - turns * 1.5707963f) + turns * 2.6794897e-8f;
  const lanes a = angle * angle;
  const lanes sine =
      ((((a * (1.0f / 362880) - 1.0f / 5040) * a + 1.0f / 120) * a - 1.0f / 6) * a + 1.0f) * angle;
  const lanes cosine =
      (((a * (1.0f / 40320) - 1.0f / 720) * a + 1.0f / 24) * a - 0.5f) * a + 1.0f;
  const bits odd = 0u - ((bits)quarter & 1u);
  const bits c = (((bits)cosine & ~odd) | ((bits)sine & odd));
  const bits s = (((bits)sine & ~odd) | ((bits)cosine & odd));
  *x = (lanes)(c ^ ((((bits)quarter + 1u) & 2u) << 30));
  *y = (lanes)(s ^ (((bits)quarter & 2u) << 30));
}

// u^alpha of u in (0, 1], 0 where u is below 1e-30.
INLINE void power(const lanes *u, float alpha, lanes *out) {
  const lanes bounded = __builtin_elementwise_max(*u, (lanes){0} + 1e-30f);
  lanes exponent;
  negative_log(&bounded, &exponent);
  const lanes e = __builtin_elementwise_max(exponent * -alpha, (lanes){0} - 86.0f);
  const ints whole = __builtin_convertvector(e * 1.44269504f - 0.5f, ints);
  const lanes r = e - __builtin_convertvector(whole, lanes) * 0.69314718f;
  const lanes series =
      (((((r * (1.0f / 720) + 1.0f / 120) * r + 1.0f / 24) * r + 1.0f / 6) * r + 0.5f) * r + 1.0f) *
          r +
      1.0f;
  *out = series * (lanes)((whole + 127) << 23);
}

// Both passes of a transform of [side, side]; rows become columns.
INLINE void transform_window(const transform *t, size_t side, complexes *x, complexes *y,
                             complexes *line, complexes *spare) {
  complexes *from = x, *to = y;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t row = 0; row < side; row++) {
      memcpy(line, from + row * side, sizeof *line * side);
      const complexes *done = transform_inverse(t, line, spare);
      for (size_t i = 0; i < side; i++) to[i * side + row] = done[i];
    }
    from = y;
    to = x;
  }
}

VARIANTS static void filter_windows(const transform *t, size_t side, float alpha, complexes *x,
                                    complexes *y, complexes *line, complexes *spare, lanes *modulus) {
  transform_window(t, side, x, y, line, spare);
  const size_t last = side - 1;
  for (size_t i = 0; i < side * side; i++)
    modulus[i] = __builtin_elementwise_sqrt(x[i].re * x[i].re + x[i].im * x[i].im);
  // Sums over three columns, then three rows, periodic.
  lanes *sums = (lanes *)y, greatest = {0};
  for (size_t row = 0; row < side; row++) {
    const lanes *m = modulus + row * side;
    for (size_t i = 0; i < side; i++)
      sums[row * side + i] = m[i ? i - 1 : last] + m[i] + m[i < last ? i + 1 : 0];
  }
  for (size_t row = 0; row < side; row++) {
    const lanes *above = sums + (row ? row - 1 : last) * side, *here = sums + row * side;
    const lanes *below = sums + (row < last ? row + 1 : 0) * side;
    for (size_t i = 0; i < side; i++) {
      modulus[row * side + i] = above[i] + here[i] + below[i];
      greatest = __builtin_elementwise_max(greatest, modulus[row * side + i]);
    }
  }
  const lanes scale = 1.0f / __builtin_elementwise_max(greatest, (lanes){0} + 1e-30f);
  for (size_t i = 0; i < side * side; i++) {
    const lanes u = modulus[i] * scale;
    lanes gain;
    power(&u, alpha, &gain);
    // The conjugate, so that the same transform leads back.
    x[i].re *= gain;
    x[i].im *= -gain;
  }
  transform_window(t, side, x, y, line, spare);
}

VARIANTS static void directions(const float *phase, size_t count, float *real, float *imaginary) {
  for (size_t i = 0; i < count; i += CPL_LANES) {
    const size_t filled = count - i < CPL_LANES ? count - i : CPL_LANES;
    lanes v = {0}, x, y;
    memcpy(&v, phase + i, sizeof(float) * filled);
    const bits known = (bits)(v == v);
    v = (lanes)((bits)v & known);
    cosine_sine(&v, &x, &y);
    x = (lanes)((bits)x & known);
    y = (lanes)((bits)y & known);
    memcpy(real + i, &x, sizeof(float) * filled);
    memcpy(imaginary + i, &y, sizeof(float) * filled);
  }
}

VARIANTS static void phases(const float *real, const float *imaginary, size_t count, float *phase) {
  for (size_t i = 0; i < count; i += CPL_LANES) {
    const size_t filled = count - i < CPL_LANES ? count - i : CPL_LANES;
    lanes v = {0}, x = {0}, y = {0}, result;
    memcpy(&v, phase + i, sizeof(float) * filled);
    memcpy(&x, real + i, sizeof(float) * filled);
    memcpy(&y, imaginary + i, sizeof(float) * filled);
    angle(&x, &y, &result);
    const bits known = (bits)(v == v);
    result = (lanes)(((bits)result & known) | ((bits)v & ~known));
    memcpy(phase + i, &result, sizeof(float) * filled);
  }
}

bool cpl_goldstein(const cpl_transform *window, size_t step, float alpha, float *phase, size_t rows,
                   size_t columns) {
  const size_t side = transform_length(window), area = side * side;
  const size_t room = transform_room(window), count = rows * columns;
  const size_t vectors = 2 * area + 2 * room;
  complexes *memory = aligned_alloc(sizeof(lanes), sizeof(complexes) * vectors + sizeof(lanes) * area);
  float *planes = malloc(sizeof(float) * (4 * count + side));
  if (!memory || !planes) {
    free(memory);
    free(planes);
    return false;
  }
  memset(memory, 0, sizeof(complexes) * vectors);
  complexes *x = memory, *y = x + area, *line = y + area, *spare = line + room;
  lanes *modulus = (lanes *)(spare + room);
  float *real = planes, *imaginary = real + count, *sum_real = imaginary + count;
  float *sum_imaginary = sum_real + count, *ramp = sum_imaginary + count;
  directions(phase, count, real, imaginary);
  memset(sum_real, 0, sizeof(float) * 2 * count);
  for (size_t i = 0; i < side; i++) {
    const float t = (float)(2 * i + 1) / (float)side - 1.0f;
    ramp[i] = 1.0f - (t < 0 ? -t : t);
  }
  // Windows begin before the first pixel, so that every pixel lies in as many.
  const size_t across = (columns + side - step + step - 1) / step;
  const size_t windows = across * ((rows + side - step + step - 1) / step);
  for (size_t first = 0; first < windows; first += CPL_LANES) {
    const size_t filled = windows - first < CPL_LANES ? windows - first : CPL_LANES;
    memset(x, 0, sizeof(complexes) * area);
    // First adds the pixels to the windows; then what the windows became to the sums.
    for (int pass = 0; pass < 2; pass++) {
      for (size_t lane = 0; lane < filled; lane++) {
        const ptrdiff_t margin = (ptrdiff_t)(side - step);
        const ptrdiff_t top = (ptrdiff_t)((first + lane) / across * step) - margin;
        const ptrdiff_t left = (ptrdiff_t)((first + lane) % across * step) - margin;
        const ptrdiff_t i0 = top < 0 ? -top : 0, j0 = left < 0 ? -left : 0;
        const ptrdiff_t i1 = top + (ptrdiff_t)side > (ptrdiff_t)rows ? (ptrdiff_t)rows - top : (ptrdiff_t)side;
        const ptrdiff_t j1 = left + (ptrdiff_t)side > (ptrdiff_t)columns ? (ptrdiff_t)columns - left : (ptrdiff_t)side;
        for (ptrdiff_t i = i0; i < i1; i++) {
          const ptrdiff_t place = (top + i) * (ptrdiff_t)columns + left;
          complexes *row = x + i * (ptrdiff_t)side;
          if (!pass) {
            for (ptrdiff_t j = j0; j < j1; j++) {
              row[j].re[lane] = real[place + j];
              row[j].im[lane] = imaginary[place + j];
            }
          } else {
            for (ptrdiff_t j = j0; j < j1; j++) {
              const float weight = ramp[i] * ramp[j];
              sum_real[place + j] += weight * row[j].re[lane];
              sum_imaginary[place + j] -= weight * row[j].im[lane];
            }
          }
        }
      }
      if (!pass) filter_windows(window, side, alpha, x, y, line, spare, modulus);
    }
  }
  phases(sum_real, sum_imaginary, count, phase);
  free(memory);
  free(planes);
  return true;
}
