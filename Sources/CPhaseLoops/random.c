// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021.
#include "normals.h"

// A last incomplete block is filled with the first numbers of one more block.
#define FILL(block_size, make)                                                                      \
  generator g;                                                                                      \
  load_generator(state, &g);                                                                        \
  size_t place = 0;                                                                                 \
  while (place < count) {                                                                           \
    float block[block_size];                                                                        \
    make;                                                                                           \
    const size_t rest = count - place;                                                              \
    memcpy(out + place, block, sizeof(float) * (rest < block_size ? rest : block_size));            \
    place += block_size;                                                                            \
  }                                                                                                 \
  store_generator(state, &g);

VARIANTS void cpl_uniform(cpl_random *state, float *out, size_t count) {
  FILL(CPL_LANES, {
    bits b;
    lanes u;
    next(&g, &b);
    unit(&b, &u);
    memcpy(block, &u, sizeof u);
  })
}

VARIANTS void cpl_normal(cpl_random *state, float *out, size_t count) {
  FILL(2 * CPL_LANES, {
    lanes x;
    lanes y;
    normals(&g, &x, &y);
    memcpy(block, &x, sizeof x);
    memcpy(block + CPL_LANES, &y, sizeof y);
  })
}
