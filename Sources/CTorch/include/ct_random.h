// Explicit random generators and the tensors drawn from them.
#ifndef CT_RANDOM_H
#define CT_RANDOM_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
typedef struct ct_generator_s *ct_generator;
ct_err ct_generator_new(int32_t device, int32_t index, uint64_t seed, ct_generator *out);
void ct_generator_free(ct_generator g);
// The state is a byte tensor on the CPU.
ct_err ct_generator_get_state(ct_generator g, ct_tensor *out);
ct_err ct_generator_set_state(ct_generator g, ct_ctensor state);
ct_err ct_randn(const int64_t *shape, int32_t n, ct_options o, ct_generator g, ct_tensor *out);
ct_err ct_rand(const int64_t *shape, int32_t n, ct_options o, ct_generator g, ct_tensor *out);
// Integers in [low, high).
ct_err ct_randint(int64_t low, int64_t high, const int64_t *shape, int32_t n, ct_options o,
                  ct_generator g, ct_tensor *out);
ct_err ct_randperm(int64_t count, ct_options o, ct_generator g, ct_tensor *out);
#ifdef __cplusplus
}
#endif
#endif
