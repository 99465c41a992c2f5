#include "include/ct_random.h"
#include "internal.h"
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Generator.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randperm.h>
#include <mutex>
using namespace ct;
struct ct_generator_s {
  at::Generator generator;
};

extern "C" {
ct_err ct_generator_new(int32_t device, int32_t index, uint64_t seed, ct_generator *out) {
  return guard([&] {
    auto g = device == CT_CUDA
                 ? at::detail::getCUDAHooks().getNewGenerator(static_cast<c10::DeviceIndex>(index))
                 : at::detail::createCPUGenerator(seed);
    g.set_current_seed(seed);
    *out = new ct_generator_s{g};
  });
}
void ct_generator_free(ct_generator g) { delete g; }
ct_err ct_generator_get_state(ct_generator g, ct_tensor *out) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(g->generator.mutex());
    *out = give(g->generator.get_state());
  });
}
ct_err ct_generator_set_state(ct_generator g, ct_ctensor state) {
  return guard([&] {
    std::lock_guard<std::mutex> lock(g->generator.mutex());
    g->generator.set_state(view(state));
  });
}
ct_err ct_randn(const int64_t *s, int32_t n, ct_options o, ct_generator g, ct_tensor *out) {
  OUT(at::randn(ints(s, n), g->generator, options(o)));
}
ct_err ct_rand(const int64_t *s, int32_t n, ct_options o, ct_generator g, ct_tensor *out) {
  OUT(at::rand(ints(s, n), g->generator, options(o)));
}
ct_err ct_randint(int64_t low, int64_t high, const int64_t *s, int32_t n, ct_options o,
                  ct_generator g, ct_tensor *out) {
  OUT(at::randint(low, high, ints(s, n), g->generator, options(o)));
}
ct_err ct_randperm(int64_t count, ct_options o, ct_generator g, ct_tensor *out) {
  OUT(at::randperm(count, g->generator, options(o)));
}
} // extern "C"
