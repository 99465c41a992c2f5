// One line is transformed in each lane of a vector, so that a transform is vector arithmetic.
// Source: Stockham's self-sorting transform, in Van Loan, Computational Frameworks for the Fast
// Fourier Transform, 1992, section 1.7.
#include "transform.h"
#include <math.h>
#include <stdlib.h>

struct transform {
  size_t length;
  int stages;
  int radix[40];
  real *twiddles[40]; // of a stage: cosine and sine for each place and each of radix - 1 branches
  // For a length with other prime factors: a longer transform, and `length` and `longer` pairs of
  // numbers.
  transform *longer;
  real *chirp, *spectrum;
};

static bool is_smooth(size_t length) {
  for (size_t prime = 2; prime <= 5; prime++)
    while (length > 1 && length % prime == 0) length /= prime;
  return length == 1;
}

static bool make_stages(transform *t) {
  size_t rest = t->length;
  static const int radices[] = {4, 2, 3, 5};
  for (int i = 0; i < 4; i++)
    while (rest % radices[i] == 0) {
      const int radix = radices[i];
      const size_t places = rest / radix;
      real *table = malloc(sizeof(real) * 2 * places * (radix - 1));
      if (!table) return false;
      for (size_t p = 0; p < places; p++)
        for (int k = 1; k < radix; k++) {
          const double angle = 2 * 3.141592653589793 * (double)(p * k) / (double)rest;
          real *pair = table + 2 * (p * (radix - 1) + k - 1);
          pair[0] = (real)cos(angle);
          pair[1] = (real)sin(angle);
        }
      t->radix[t->stages] = radix;
      t->twiddles[t->stages++] = table;
      rest = places;
    }
  return true;
}

// The product of place and frequency is written as (place^2 + frequency^2 - their difference^2) / 2, which
// makes the transform a convolution with a chirp. Source: Bluestein, IEEE Transactions on Audio and
// Electroacoustics 18, 1970.
static bool make_chirp(transform *t) {
  const size_t n = t->length;
  size_t m = 2 * n - 1;
  while (!is_smooth(m)) m++;
  t->longer = transform_make(m);
  t->chirp = malloc(sizeof(real) * 2 * n);
  t->spectrum = malloc(sizeof(real) * 2 * m);
  complexes *x = aligned_alloc(sizeof(vector), sizeof(complexes) * 2 * m);
  const bool has_memory = t->longer && t->chirp && t->spectrum && x;
  if (has_memory) {
    memset(x, 0, sizeof(complexes) * 2 * m);
    for (size_t k = 0; k < n; k++) {
      // The square modulo 2 n keeps the angle exact.
      const double angle = 3.141592653589793 * (double)(k * k % (2 * n)) / (double)n;
      t->chirp[2 * k] = (real)cos(angle);
      t->chirp[2 * k + 1] = (real)sin(angle);
      x[k].re[0] = x[(m - k) % m].re[0] = (real)(cos(angle) / (double)m);
      x[k].im[0] = x[(m - k) % m].im[0] = (real)(-sin(angle) / (double)m);
    }
    const complexes *done = transform_inverse(t->longer, x, x + m);
    for (size_t k = 0; k < m; k++) {
      t->spectrum[2 * k] = done[k].re[0];
      t->spectrum[2 * k + 1] = done[k].im[0];
    }
  }
  free(x);
  return has_memory;
}

transform *transform_make(size_t length) {
  transform *t = calloc(1, sizeof *t);
  if (!t) return NULL;
  t->length = length;
  if (is_smooth(length) ? make_stages(t) : make_chirp(t)) return t;
  transform_free(t);
  return NULL;
}

void transform_free(transform *t) {
  if (!t) return;
  for (int i = 0; i < t->stages; i++) free(t->twiddles[i]);
  transform_free(t->longer);
  free(t->chirp);
  free(t->spectrum);
  free(t);
}

size_t transform_length(const transform *t) { return t->length; }

size_t transform_room(const transform *t) { return t->longer ? t->longer->length : t->length; }

INLINE void turned(const complexes *a, const real *w, complexes *out) {
  out->re = a->re * w[0] - a->im * w[1];
  out->im = a->re * w[1] + a->im * w[0];
}

// One butterfly: `radix` numbers a `step` apart become as many `gap` apart.
INLINE void butterfly(int radix, const complexes *x, size_t step, const real *w, complexes *y,
                      size_t gap) {
  complexes b[5];
  const complexes a0 = x[0], a1 = x[step];
  if (radix == 2) {
    b[0] = (complexes){a0.re + a1.re, a0.im + a1.im};
    b[1] = (complexes){a0.re - a1.re, a0.im - a1.im};
  } else if (radix == 3) {
    const complexes a2 = x[2 * step];
    const real half = 0.5, half_root3 = 0.86602540378443865;
    const vector sr = a1.re + a2.re, si = a1.im + a2.im;
    const vector dr = half_root3 * (a1.re - a2.re), di = half_root3 * (a1.im - a2.im);
    const vector mr = a0.re - half * sr, mi = a0.im - half * si;
    b[0] = (complexes){a0.re + sr, a0.im + si};
    b[1] = (complexes){mr - di, mi + dr};
    b[2] = (complexes){mr + di, mi - dr};
  } else if (radix == 4) {
    const complexes a2 = x[2 * step], a3 = x[3 * step];
    const vector pr = a0.re + a2.re, pi = a0.im + a2.im, qr = a0.re - a2.re, qi = a0.im - a2.im;
    const vector rr = a1.re + a3.re, ri = a1.im + a3.im, sr = a1.re - a3.re, si = a1.im - a3.im;
    b[0] = (complexes){pr + rr, pi + ri};
    b[1] = (complexes){qr - si, qi + sr};
    b[2] = (complexes){pr - rr, pi - ri};
    b[3] = (complexes){qr + si, qi - sr};
  } else {
    const complexes a2 = x[2 * step], a3 = x[3 * step], a4 = x[4 * step];
    const real c1 = 0.30901699437494742, c2 = -0.80901699437494742;
    const real s1 = 0.95105651629515357, s2 = 0.58778525229247313;
    const vector pr = a1.re + a4.re, pi = a1.im + a4.im, qr = a2.re + a3.re, qi = a2.im + a3.im;
    const vector ur = a1.re - a4.re, ui = a1.im - a4.im, vr = a2.re - a3.re, vi = a2.im - a3.im;
    const vector mr = a0.re + c1 * pr + c2 * qr, mi = a0.im + c1 * pi + c2 * qi;
    const vector nr = a0.re + c2 * pr + c1 * qr, ni = a0.im + c2 * pi + c1 * qi;
    const vector er = s1 * ur + s2 * vr, ei = s1 * ui + s2 * vi;
    const vector fr = s2 * ur - s1 * vr, fi = s2 * ui - s1 * vi;
    b[0] = (complexes){a0.re + pr + qr, a0.im + pi + qi};
    b[1] = (complexes){mr - ei, mi + er};
    b[2] = (complexes){nr - fi, ni + fr};
    b[3] = (complexes){nr + fi, ni - fr};
    b[4] = (complexes){mr + ei, mi - er};
  }
  y[0] = b[0];
  for (int k = 1; k < radix; k++) turned(&b[k], w + 2 * (k - 1), &y[k * gap]);
}

INLINE void stage(int radix, const real *twiddles, const complexes *x, complexes *y, size_t places,
                  size_t stride) {
  for (size_t p = 0; p < places; p++)
    for (size_t q = 0; q < stride; q++)
      butterfly(radix, x + q + stride * p, stride * places, twiddles + 2 * p * (radix - 1),
                y + q + stride * radix * p, stride);
}

// A transform of a length without prime factors above 5.
VARIANTS static complexes *smooth(const transform *t, complexes *x, complexes *spare) {
  size_t rest = t->length, stride = 1;
  for (int i = 0; i < t->stages; i++) {
    const int radix = t->radix[i];
    const size_t places = rest / radix;
    const real *w = t->twiddles[i];
    if (radix == 4) stage(4, w, x, spare, places, stride);
    else if (radix == 2) stage(2, w, x, spare, places, stride);
    else if (radix == 3) stage(3, w, x, spare, places, stride);
    else stage(5, w, x, spare, places, stride);
    complexes *done = spare;
    spare = x;
    x = done;
    rest = places;
    stride *= radix;
  }
  return x;
}

VARIANTS static void by_chirp(const real *chirp, complexes *x, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const complexes a = x[k];
    turned(&a, chirp + 2 * k, &x[k]);
  }
}

VARIANTS static void swap_parts(complexes *x, size_t count) {
  for (size_t k = 0; k < count; k++) x[k] = (complexes){x[k].im, x[k].re};
}

complexes *transform_inverse(const transform *t, complexes *x, complexes *spare) {
  if (!t->longer) return smooth(t, x, spare);
  const size_t m = t->longer->length;
  by_chirp(t->chirp, x, t->length);
  memset(x + t->length, 0, sizeof *x * (m - t->length));
  complexes *spectrum = smooth(t->longer, x, spare);
  by_chirp(t->spectrum, spectrum, m);
  // With real and imaginary parts exchanged, an inverse transform is a forward one.
  swap_parts(spectrum, m);
  complexes *done = smooth(t->longer, spectrum, spectrum == x ? spare : x);
  swap_parts(done, t->length);
  by_chirp(t->chirp, done, t->length);
  return done;
}
