#include "include/ct_tensor.h"
#include "internal.h"
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <c10/util/Exception.h>
#include <cstring>
#include <torch/csrc/api/include/torch/version.h>

namespace ct {
std::atomic<int64_t> live{0};

char *message_of_current_exception() noexcept {
  try {
    throw;
  } catch (const c10::Error &e) {
    return strdup(e.what_without_backtrace());
  } catch (const std::exception &e) {
    return strdup(e.what());
  } catch (...) {
    return strdup("unknown C++ exception");
  }
}
at::Device device(int32_t kind, int32_t index) {
  return kind == CT_CUDA ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index))
                         : at::Device(at::kCPU);
}
at::TensorOptions options(ct_options o) {
  return at::TensorOptions()
      .dtype(static_cast<at::ScalarType>(o.dtype))
      .device(device(o.device, o.index));
}
} // namespace ct
using namespace ct;

extern "C" {
void ct_free(void *p) { free(p); }
// In a section of its own, where `ganinsar --version` finds it without loading LibTorch.
__attribute__((section("libtorch_version"))) static const char version[] = TORCH_VERSION;
const char *ct_version(void) { return version; }

void ct_release(ct_tensor t) {
  if (!t) return;
  live.fetch_sub(1, std::memory_order_relaxed);
  at::Tensor dead(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(
      reinterpret_cast<at::TensorImpl *>(t)));
}
int64_t ct_live_handles(void) { return live.load(); }

ct_err ct_empty(const int64_t *s, int32_t n, ct_options o, ct_tensor *out) {
  OUT(at::empty(ints(s, n), options(o)));
}
ct_err ct_full(const int64_t *s, int32_t n, double v, ct_options o, ct_tensor *out) {
  OUT(at::full(ints(s, n), v, options(o)));
}
ct_err ct_arange(double start, double end, double step, ct_options o, ct_tensor *out) {
  OUT(at::arange(start, end, step, options(o)));
}
ct_err ct_from_bytes(const void *p, size_t bytes, const int64_t *s, int32_t n, ct_options o,
                     ct_tensor *out) {
  return guard([&] {
    auto dtype = at::TensorOptions().dtype(static_cast<at::ScalarType>(o.dtype));
    auto host = at::empty(ints(s, n), dtype);
    TORCH_CHECK(host.nbytes() == bytes, "the shape needs ", host.nbytes(), " bytes, got ", bytes);
    if (bytes > 0) memcpy(host.mutable_data_ptr(), p, bytes);
    *out = give(o.device == CT_CPU ? host : host.to(options(o)));
  });
}

int32_t ct_dim(ct_ctensor t) { return static_cast<int32_t>(view(t).dim()); }
void ct_shape(ct_ctensor t, int64_t *out) {
  auto s = view(t).sizes();
  for (size_t i = 0; i < s.size(); i++) out[i] = s[i];
}
int32_t ct_dtype_of(ct_ctensor t) { return static_cast<int32_t>(view(t).scalar_type()); }
ct_options ct_options_of(ct_ctensor t) {
  auto d = view(t).device();
  return {ct_dtype_of(t), d.is_cuda() ? CT_CUDA : CT_CPU, d.has_index() ? d.index() : 0};
}
int64_t ct_numel(ct_ctensor t) { return view(t).numel(); }
void *ct_data(ct_tensor t) { return view(t).mutable_data_ptr(); }
bool ct_is_channels_last(ct_ctensor t) {
  return view(t).is_contiguous(at::MemoryFormat::ChannelsLast);
}
bool ct_is_contiguous(ct_ctensor t) { return view(t).is_contiguous(); }
ct_err ct_item(ct_ctensor t, double *out) {
  return guard([&] { *out = view(t).item().toDouble(); });
}
ct_err ct_copy_out(ct_ctensor t, void *dst, size_t bytes) {
  return guard([&] {
    at::NoGradGuard no_grad;
    auto c = view(t).to(at::kCPU).contiguous();
    TORCH_CHECK(c.nbytes() == bytes, "the tensor has ", c.nbytes(), " bytes, the caller gave ",
                bytes);
    if (bytes > 0) memcpy(dst, c.const_data_ptr(), bytes);
  });
}

ct_err ct_to(ct_ctensor t, ct_options o, bool non_blocking, ct_tensor *out) {
  OUT(view(t).to(options(o), non_blocking));
}
ct_err ct_pin_memory(ct_ctensor t, ct_tensor *out) { OUT(view(t).pin_memory()); }
ct_err ct_contiguous(ct_ctensor t, bool channels_last, ct_tensor *out) {
  OUT(view(t).contiguous(channels_last ? at::MemoryFormat::ChannelsLast
                                       : at::MemoryFormat::Contiguous));
}
ct_err ct_clone(ct_ctensor t, ct_tensor *out) { OUT(view(t).clone()); }
ct_err ct_copy_(ct_ctensor dst, ct_ctensor src) {
  return guard([&] {
    at::NoGradGuard no_grad;
    view(dst).copy_(view(src));
  });
}
ct_err ct_set_data(ct_ctensor dst, ct_ctensor src) {
  return guard([&] { view(dst).set_data(view(src)); });
}
} // extern "C"
