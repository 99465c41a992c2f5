#include "include/ct_linalg.h"
#include "internal.h"
#include <ATen/ops/fft_irfft2.h>
#include <ATen/ops/fft_rfft2.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_eigvalsh.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/view_as_complex.h>
using namespace ct;

extern "C" {
ct_err ct_matmul(ct_ctensor a, ct_ctensor b, ct_tensor *out) { OUT(at::matmul(view(a), view(b))); }
ct_err ct_eigvalsh(ct_ctensor a, ct_tensor *out) { OUT(at::linalg_eigvalsh(view(a))); }
ct_err ct_eigh(ct_ctensor a, ct_tensor *values, ct_tensor *vectors) {
  return guard([&] {
    auto [l, v] = at::linalg_eigh(view(a));
    *values = give(l);
    *vectors = give(v);
  });
}
ct_err ct_qr(ct_ctensor a, ct_tensor *q, ct_tensor *r) {
  return guard([&] {
    auto [left, right] = at::linalg_qr(view(a));
    *q = give(left);
    *r = give(right);
  });
}
ct_err ct_view_as_complex(ct_ctensor a, ct_tensor *out) { OUT(at::view_as_complex(view(a))); }
ct_err ct_rfft2(ct_ctensor a, ct_tensor *out) { OUT(at::fft_rfft2(view(a))); }
ct_err ct_irfft2(ct_ctensor a, int64_t height, int64_t width, ct_tensor *out) {
  return guard([&] {
    const int64_t size[2] = {height, width};
    *out = give(at::fft_irfft2(view(a), at::IntArrayRef(size, 2)));
  });
}
} // extern "C"
