#pragma once
#if !__has_include(<ATen/core/Tensor.h>)
#error "LibTorch headers not found: run `make setup`, or set LIBTORCH to a folder with include/ and lib/"
#endif
#include "include/ct_base.h"
#include <ATen/core/Tensor.h>
#include <atomic>
#include <exception>
#include <optional>
#include <vector>

// A handle is the TensorImpl pointer itself, holding one strong reference: no extra allocation.
// at::Tensor is exactly one such pointer, so a handle can be viewed as a const at::Tensor & without
// changing the count.
static_assert(sizeof(at::Tensor) == sizeof(void *), "at::Tensor is one pointer");

namespace ct {
extern std::atomic<int64_t> live;

inline ct_tensor give(at::Tensor t) {
  live.fetch_add(1, std::memory_order_relaxed);
  return reinterpret_cast<ct_tensor>(t.unsafeReleaseTensorImpl());
}
inline const at::Tensor &view(const ct_ctensor &h) {
  return *reinterpret_cast<const at::Tensor *>(&h);
}
inline std::optional<at::Tensor> opt(ct_ctensor h) {
  return h ? std::optional<at::Tensor>(view(h)) : std::nullopt;
}
inline at::IntArrayRef ints(const int64_t *p, int32_t n) { return {p, static_cast<size_t>(n)}; }
inline std::vector<at::Tensor> list(const ct_ctensor *ts, int32_t n) {
  std::vector<at::Tensor> v;
  v.reserve(n);
  for (int32_t i = 0; i < n; i++) v.push_back(view(ts[i]));
  return v;
}
at::Device device(int32_t kind, int32_t index);
at::TensorOptions options(ct_options o);

char *message_of_current_exception() noexcept;
// Runs f; turns any exception into a malloc'ed message.
template <class F> inline ct_err guard(F &&f) noexcept {
  try {
    f();
    return nullptr;
  } catch (...) {
    return message_of_current_exception();
  }
}
} // namespace ct

#define OUT(expr) return ct::guard([&] { *out = ct::give(expr); })
