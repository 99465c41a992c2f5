#include "include/ct_device.h"
#include "internal.h"
#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <cstring>
#include <dlfcn.h>
using namespace ct;

extern "C" {
void ct_set_num_threads(int32_t n) { at::set_num_threads(n); }
int32_t ct_get_num_threads(void) { return at::get_num_threads(); }
ct_err ct_cuda_load(const char *path, bool *available) {
  *available = false;
  void *h = dlopen(path ? path : "libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
  if (!h) return strdup(dlerror());
  return guard([&] { *available = at::detail::getCUDAHooks().hasCUDA(); });
}
bool ct_cuda_available(void) {
  bool available = false;
  ct_free(guard([&] { available = at::detail::getCUDAHooks().hasCUDA(); }));
  return available;
}
int32_t ct_cuda_device_count(void) {
  int32_t n = 0;
  ct_free(guard([&] { n = at::detail::getCUDAHooks().deviceCount(); }));
  return n;
}
ct_err ct_synchronize(int32_t device, int32_t index) {
  return guard([&] {
    if (device == CT_CUDA)
      at::detail::getCUDAHooks().deviceSynchronize(static_cast<c10::DeviceIndex>(index));
  });
}
ct_err ct_memory_stats(int32_t index, int64_t *now, int64_t *peak) {
  return guard([&] {
    auto s = at::accelerator::getDeviceStats(static_cast<c10::DeviceIndex>(index));
    *now = s.allocated_bytes[0].current;
    *peak = s.allocated_bytes[0].peak;
  });
}
ct_err ct_set_cuda_options(bool cudnn_benchmark, bool allow_tf32) {
  return guard([&] {
    at::globalContext().setBenchmarkCuDNN(cudnn_benchmark);
    at::globalContext().setAllowTF32CuDNN(allow_tf32);
    at::globalContext().setAllowTF32CuBLAS(allow_tf32);
  });
}
} // extern "C"
