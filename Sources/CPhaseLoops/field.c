// Gaussian fields: white noise in the half spectrum times factors, and its inverse Fourier
// transform.
//
// Sixteen lines are transformed at a time, one in each lane, so that a transform is vector
// arithmetic. The noise of a column is drawn just before its transform; two rows of real numbers
// are the real and imaginary parts of one complex transform. Source: Stockham's self-sorting
// transform, in Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992, section
// 1.7.
#include "normals.h"
#include <math.h>
#include <stdlib.h>

typedef struct {
  lanes re, im;
} complexes;

struct cpl_transform {
  size_t length;
  int stages;
  int radix[40];
  float *twiddles[40]; // of a stage: cosine and sine for each place and each of radix - 1 branches
};

cpl_transform *cpl_transform_make(size_t length) {
  cpl_transform *t = calloc(1, sizeof *t);
  if (!t) return NULL;
  t->length = length;
  size_t rest = length;
  static const int radices[] = {4, 2, 3, 5};
  for (int i = 0; i < 4; i++)
    while (rest % radices[i] == 0) {
      const int radix = radices[i];
      const size_t places = rest / radix;
      float *table = malloc(sizeof(float) * 2 * places * (radix - 1));
      if (!table) {
        cpl_transform_free(t);
        return NULL;
      }
      for (size_t p = 0; p < places; p++)
        for (int k = 1; k < radix; k++) {
          const double angle = 2 * 3.141592653589793 * (double)(p * k) / (double)rest;
          float *pair = table + 2 * (p * (radix - 1) + k - 1);
          pair[0] = (float)cos(angle);
          pair[1] = (float)sin(angle);
        }
      t->radix[t->stages] = radix;
      t->twiddles[t->stages++] = table;
      rest = places;
    }
  if (rest == 1) return t;
  cpl_transform_free(t);
  return NULL;
}

void cpl_transform_free(cpl_transform *t) {
  if (!t) return;
  for (int i = 0; i < t->stages; i++) free(t->twiddles[i]);
  free(t);
}

INLINE void turned(const complexes *a, const float *w, complexes *out) {
  out->re = a->re * w[0] - a->im * w[1];
  out->im = a->re * w[1] + a->im * w[0];
}

// One butterfly: `radix` numbers a `step` apart become as many `gap` apart.
INLINE void butterfly(int radix, const complexes *x, size_t step, const float *w, complexes *y,
                      size_t gap) {
  complexes b[5];
  const complexes a0 = x[0], a1 = x[step];
  if (radix == 2) {
    b[0] = (complexes){a0.re + a1.re, a0.im + a1.im};
    b[1] = (complexes){a0.re - a1.re, a0.im - a1.im};
  } else if (radix == 3) {
    const complexes a2 = x[2 * step];
    const lanes sr = a1.re + a2.re, si = a1.im + a2.im;
    const lanes dr = 0.866025404f * (a1.re - a2.re), di = 0.866025404f * (a1.im - a2.im);
    const lanes mr = a0.re - 0.5f * sr, mi = a0.im - 0.5f * si;
    b[0] = (complexes){a0.re + sr, a0.im + si};
    b[1] = (complexes){mr - di, mi + dr};
    b[2] = (complexes){mr + di, mi - dr};
  } else if (radix == 4) {
    const complexes a2 = x[2 * step], a3 = x[3 * step];
    const lanes pr = a0.re + a2.re, pi = a0.im + a2.im, qr = a0.re - a2.re, qi = a0.im - a2.im;
    const lanes rr = a1.re + a3.re, ri = a1.im + a3.im, sr = a1.re - a3.re, si = a1.im - a3.im;
    b[0] = (complexes){pr + rr, pi + ri};
    b[1] = (complexes){qr - si, qi + sr};
    b[2] = (complexes){pr - rr, pi - ri};
    b[3] = (complexes){qr + si, qi - sr};
  } else {
    const complexes a2 = x[2 * step], a3 = x[3 * step], a4 = x[4 * step];
    const float c1 = 0.309016994f, c2 = -0.809016994f, s1 = 0.951056516f, s2 = 0.587785252f;
    const lanes pr = a1.re + a4.re, pi = a1.im + a4.im, qr = a2.re + a3.re, qi = a2.im + a3.im;
    const lanes ur = a1.re - a4.re, ui = a1.im - a4.im, vr = a2.re - a3.re, vi = a2.im - a3.im;
    const lanes mr = a0.re + c1 * pr + c2 * qr, mi = a0.im + c1 * pi + c2 * qi;
    const lanes nr = a0.re + c2 * pr + c1 * qr, ni = a0.im + c2 * pi + c1 * qi;
    const lanes er = s1 * ur + s2 * vr, ei = s1 * ui + s2 * vi;
    const lanes fr = s2 * ur - s1 * vr, fi = s2 * ui - s1 * vi;
    b[0] = (complexes){a0.re + pr + qr, a0.im + pi + qi};
    b[1] = (complexes){mr - ei, mi + er};
    b[2] = (complexes){nr - fi, ni + fr};
    b[3] = (complexes){nr + fi, ni - fr};
    b[4] = (complexes){mr + ei, mi - er};
  }
  y[0] = b[0];
  for (int k = 1; k < radix; k++) turned(&b[k], w + 2 * (k - 1), &y[k * gap]);
}

INLINE void stage(int radix, const float *twiddles, const complexes *x, complexes *y, size_t places,
                  size_t stride) {
  for (size_t p = 0; p < places; p++)
    for (size_t q = 0; q < stride; q++)
      butterfly(radix, x + q + stride * p, stride * places, twiddles + 2 * p * (radix - 1),
                y + q + stride * radix * p, stride);
}

// The inverse transform, not scaled, of each lane of `x`; `spare` is overwritten too. Returns the one
// of the two that the result is in.
INLINE complexes *inverse(const cpl_transform *t, complexes *x, complexes *spare) {
  size_t rest = t->length, stride = 1;
  for (int i = 0; i < t->stages; i++) {
    const int radix = t->radix[i];
    const size_t places = rest / radix;
    const float *w = t->twiddles[i];
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

// Rows become columns: four times, the halves of the sixteen are shuffled into each other.
INLINE void transpose(lanes *v) {
  lanes w[CPL_LANES];
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 8; i++) {
      w[2 * i] = __builtin_shufflevector(v[i], v[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                         6, 22, 7, 23);
      w[2 * i + 1] = __builtin_shufflevector(v[i], v[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28,
                                             13, 29, 14, 30, 15, 31);
    }
    for (int i = 0; i < CPL_LANES; i++) v[i] = w[i];
  }
}

VARIANTS static void fill(cpl_random *state, const cpl_transform *down, const cpl_transform *across,
                          const float *factors, float *out, size_t rows, size_t columns,
                          complexes *x, complexes *spare, complexes *lines) {
  const size_t height = down->length, width = across->length;
  const size_t half = width / 2 + 1;
  const size_t blocks = (half + CPL_LANES - 1) / CPL_LANES;
  const size_t groups = (rows + CPL_LANES - 1) / CPL_LANES;
  generator g;
  load_generator(state, &g);
  for (size_t block = 0; block < blocks; block++) {
    for (size_t row = 0; row < height; row++) {
      lanes factor;
      memcpy(&factor, factors + (block * height + row) * CPL_LANES, sizeof factor);
      normals(&g, &x[row].re, &x[row].im);
      x[row].re *= factor;
      x[row].im *= factor;
    }
    const complexes *columns_done = inverse(down, x, spare);
    for (size_t group = 0; group < groups; group++) {
      lanes re[CPL_LANES], im[CPL_LANES];
      for (size_t i = 0; i < CPL_LANES; i++) {
        re[i] = columns_done[group * CPL_LANES + i].re;
        im[i] = columns_done[group * CPL_LANES + i].im;
      }
      transpose(re);
      transpose(im);
      complexes *place = lines + (group * blocks + block) * CPL_LANES;
      for (size_t i = 0; i < CPL_LANES; i++) place[i] = (complexes){re[i], im[i]};
    }
  }
  store_generator(state, &g);
  for (size_t group = 0; group < groups; group += 2) {
    const complexes *a = lines + group * blocks * CPL_LANES;
    const bool is_pair = group + 1 < groups;
    const complexes *b = is_pair ? a + blocks * CPL_LANES : a;
    // The spectra of real rows are their own mirror images; so the first number and the middle one
    // count as real.
    x[0] = (complexes){a[0].re, b[0].re};
    x[width / 2] = (complexes){a[width / 2].re, b[width / 2].re};
    for (size_t k = 1; k < width / 2; k++) {
      x[k] = (complexes){a[k].re - b[k].im, a[k].im + b[k].re};
      x[width - k] = (complexes){a[k].re + b[k].im, b[k].re - a[k].im};
    }
    const complexes *rows_done = inverse(across, x, spare);
    for (int part = 0; part <= (int)is_pair; part++) {
      const size_t first = (group + part) * CPL_LANES;
      const size_t filled = rows - first < CPL_LANES ? rows - first : CPL_LANES;
      for (size_t column = 0; column < columns; column += CPL_LANES) {
        lanes v[CPL_LANES];
        const size_t wide = columns - column < CPL_LANES ? columns - column : CPL_LANES;
        for (size_t i = 0; i < CPL_LANES; i++) {
          const complexes *number = rows_done + column + (i < wide ? i : 0);
          v[i] = part ? number->im : number->re;
        }
        transpose(v);
        for (size_t i = 0; i < filled; i++) {
          float *line = out + (first + i) * columns + column;
          if (wide == CPL_LANES) memcpy(line, &v[i], sizeof v[i]);
          else memcpy(line, &v[i], sizeof(float) * wide);
        }
      }
    }
  }
}

bool cpl_field(cpl_random *state, const cpl_transform *down, const cpl_transform *across,
               const float *factors, float *out, size_t rows, size_t columns) {
  const size_t blocks = (across->length / 2 + CPL_LANES) / CPL_LANES;
  const size_t groups = (rows + CPL_LANES - 1) / CPL_LANES;
  const size_t longest = down->length > across->length ? down->length : across->length;
  const size_t line = longest + CPL_LANES; // the last group of rows may stick out
  const size_t bytes = sizeof(complexes) * (2 * line + groups * blocks * CPL_LANES);
  complexes *memory = aligned_alloc(sizeof(lanes), bytes);
  if (!memory) return false;
  memset(memory, 0, sizeof(complexes) * 2 * line);
  fill(state, down, across, factors, out, rows, columns, memory, memory + line, memory + 2 * line);
  free(memory);
  return true;
}
