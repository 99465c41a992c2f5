// Filters of real planes by gains that are the same for a frequency and its mirror images.
//
// Two columns of real numbers are the real and imaginary part of one complex transform; columns 8
// apart are paired. Only the rows of the spectrum up to the middle are stored, [blocks, width, 8
// rows].
#define REAL_BITS 64
#include "transform.h"
#include <stdlib.h>

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t most(size_t a, size_t b) { return a > b ? a : b; }
static size_t row_blocks(const transform *down) {
  return (transform_length(down) / 2 + WIDE) / WIDE;
}

// Up to sixteen numbers as two vectors, zero beyond.
#define LOAD_PAIR(line, count, a, b)                                                               \
  for (size_t j = 0; j < WIDE; j++) {                                                              \
    (a)[j] = j < (count) ? (line)[j] : 0;                                                          \
    (b)[j] = j + WIDE < (count) ? (line)[j + WIDE] : 0;                                            \
  }

// The spectra of up to sixteen columns.
VARIANTS static void columns_forward(const transform *down, const float *plane, size_t width,
                                     size_t first, complexes *x, complexes *spare, complexes *lines) {
  const size_t height = transform_length(down), count = least(2 * WIDE, width - first);
  for (size_t row = 0; row < height; row++)
    LOAD_PAIR(plane + row * width + first, count, x[row].re, x[row].im)
  const complexes *z = transform_inverse(down, x, spare);
  for (size_t block = 0; block < row_blocks(down); block++) {
    vector ar[WIDE] = {0}, ai[WIDE] = {0}, br[WIDE] = {0}, bi[WIDE] = {0};
    for (size_t i = 0; i < WIDE; i++) {
      const size_t k = block * WIDE + i;
      if (k > height / 2) break;
      // The spectrum of real numbers is its own mirror image, conjugated.
      const complexes here = z[k], mirror = z[k ? height - k : 0];
      ar[i] = 0.5 * (here.re + mirror.re);
      ai[i] = 0.5 * (here.im - mirror.im);
      br[i] = 0.5 * (here.im + mirror.im);
      bi[i] = 0.5 * (mirror.re - here.re);
    }
    transpose(ar);
    transpose(ai);
    transpose(br);
    transpose(bi);
    complexes *place = lines + block * width + first;
    for (size_t j = 0; j < least(count, WIDE); j++) place[j] = (complexes){ar[j], ai[j]};
    for (size_t j = WIDE; j < count; j++)
      place[j] = (complexes){br[j - WIDE], bi[j - WIDE]};
  }
}

// Eight rows: to the spectrum, times the gains, and back.
VARIANTS static void rows_filtered(const transform *across, const double *gains, complexes *x,
                                   complexes *spare, complexes *lines) {
  const size_t width = transform_length(across);
  memcpy(x, lines, sizeof *x * width);
  complexes *z = transform_inverse(across, x, spare);
  for (size_t k = 0; k < width; k++) {
    vector gain;
    memcpy(&gain, gains + least(k, width - k) * WIDE, sizeof gain);
    // With real and imaginary parts exchanged, an inverse transform is a forward one.
    z[k] = (complexes){z[k].im * gain, z[k].re * gain};
  }
  const complexes *done = transform_inverse(across, z, z == x ? spare : x);
  for (size_t k = 0; k < width; k++) lines[k] = (complexes){done[k].im, done[k].re};
}

// Up to sixteen columns of the filtered plane.
VARIANTS static void columns_back(const transform *down, size_t width, size_t first,
                                  const complexes *lines, complexes *x, complexes *spare, float *out,
                                  size_t rows, size_t columns) {
  const size_t height = transform_length(down), count = least(2 * WIDE, columns - first);
  for (size_t block = 0; block < row_blocks(down); block++) {
    vector ar[WIDE] = {0}, ai[WIDE] = {0}, br[WIDE] = {0}, bi[WIDE] = {0};
    const complexes *place = lines + block * width + first;
    for (size_t j = 0; j < least(count, WIDE); j++) {
      ar[j] = place[j].re;
      ai[j] = place[j].im;
    }
    for (size_t j = WIDE; j < count; j++) {
      br[j - WIDE] = place[j].re;
      bi[j - WIDE] = place[j].im;
    }
    transpose(ar);
    transpose(ai);
    transpose(br);
    transpose(bi);
    for (size_t i = 0; i < WIDE; i++) {
      const size_t k = block * WIDE + i;
      if (k > height / 2) break;
      // Exchanged real and imaginary parts, as above.
      if (k) x[height - k] = (complexes){br[i] - ai[i], ar[i] + bi[i]};
      x[k] = (complexes){ai[i] + br[i], ar[i] - bi[i]};
    }
  }
  const complexes *z = transform_inverse(down, x, spare);
  for (size_t row = 0; row < rows; row++) {
    float *line = out + row * columns + first;
    for (size_t j = 0; j < count; j++)
      line[j] = (float)(j < WIDE ? z[row].im[j] : z[row].re[j - WIDE]);
  }
}

bool cpl_filter(const transform *down, const transform *across, const float *plane,
                const double *gains, float *out, size_t rows, size_t columns) {
  const size_t width = transform_length(across), blocks = row_blocks(down);
  const size_t room = most(transform_room(down), transform_room(across));
  complexes *x = aligned_alloc(sizeof(vector), sizeof *x * (2 * room + blocks * width));
  if (!x) return false;
  complexes *spare = x + room, *lines = spare + room;
  for (size_t first = 0; first < width; first += 2 * WIDE)
    columns_forward(down, plane, width, first, x, spare, lines);
  for (size_t block = 0; block < blocks; block++)
    rows_filtered(across, gains + block * (width / 2 + 1) * WIDE, x, spare, lines + block * width);
  for (size_t first = 0; first < columns; first += 2 * WIDE)
    columns_back(down, width, first, lines, x, spare, out, rows, columns);
  free(x);
  return true;
}

// The spectrum of an even plane is even and real, so two columns need not be separated.
VARIANTS static void even_columns(const transform *down, const double *quarter, size_t width,
                                  size_t first, complexes *x, complexes *spare, vector *lines) {
  const size_t height = transform_length(down), count = least(2 * WIDE, width - first);
  for (size_t row = 0; row < height; row++)
    LOAD_PAIR(quarter + least(row, height - row) * width + first, count, x[row].re, x[row].im)
  const complexes *z = transform_inverse(down, x, spare);
  for (size_t block = 0; block < row_blocks(down); block++) {
    vector a[WIDE] = {0}, b[WIDE] = {0};
    for (size_t i = 0; i < WIDE && block * WIDE + i <= height / 2; i++) {
      a[i] = z[block * WIDE + i].re;
      b[i] = z[block * WIDE + i].im;
    }
    transpose(a);
    transpose(b);
    vector *place = lines + block * width + first;
    for (size_t j = 0; j < count; j++) place[j] = j < WIDE ? a[j] : b[j - WIDE];
  }
}

VARIANTS static void even_rows(const transform *across, const vector *lines, const vector *others,
                               complexes *x, complexes *spare, double *out, double *other_out) {
  const size_t width = transform_length(across), half = width / 2 + 1;
  for (size_t k = 0; k < width; k++)
    x[k] = (complexes){lines[least(k, width - k)], others[least(k, width - k)]};
  const complexes *z = transform_inverse(across, x, spare);
  for (size_t k = 0; k < half; k++) {
    memcpy(other_out + k * WIDE, &z[k].im, sizeof(vector));
    memcpy(out + k * WIDE, &z[k].re, sizeof(vector));
  }
}

bool cpl_even_spectrum(const transform *down, const transform *across, const double *quarter,
                       double *spectrum) {
  const size_t half = transform_length(across) / 2 + 1, blocks = row_blocks(down);
  const size_t room = most(transform_room(down), transform_room(across));
  complexes *x = aligned_alloc(sizeof(vector), sizeof *x * 2 * room + sizeof(vector) * blocks * half);
  if (!x) return false;
  complexes *spare = x + room;
  vector *lines = (vector *)(spare + room);
  for (size_t first = 0; first < half; first += 2 * WIDE)
    even_columns(down, quarter, half, first, x, spare, lines);
  for (size_t block = 0; block < blocks; block += 2) {
    // A last single block is its own partner.
    const size_t other = block + 1 < blocks ? block + 1 : block;
    even_rows(across, lines + block * half, lines + other * half, x, spare,
              spectrum + block * half * WIDE, spectrum + other * half * WIDE);
  }
  free(x);
  return true;
}
