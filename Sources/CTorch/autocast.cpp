#include "include/ct_autograd.h"
#include "internal.h"
#include <ATen/autocast_mode.h>

extern "C" {
bool ct_autocast_begin(int32_t device, int32_t dtype) {
  auto d = device == CT_CUDA ? at::kCUDA : at::kCPU;
  bool was = at::autocast::is_autocast_enabled(d);
  at::autocast::set_autocast_enabled(d, true);
  at::autocast::set_autocast_dtype(d, static_cast<at::ScalarType>(dtype));
  at::autocast::increment_nesting();
  return was;
}
void ct_autocast_end(int32_t device, bool was_on) {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device == CT_CUDA ? at::kCUDA : at::kCPU, was_on);
}
} // extern "C"
