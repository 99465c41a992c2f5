#include "include/ct_linalg.h"
#include "internal.h"
#include <ATen/ops/fft_irfft2.h>
#include <ATen/ops/fft_rfft2.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_eigvalsh.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/linalg_svdvals.h>
#include <ATen/ops/matmul.h>
using namespace ct;

extern "C" {
ct_err ct_matmul(ct_ctensor a, ct_ctensor b, ct_tensor *out) { OUT(at::matmul(view(a), view(b))); }
ct_err ct_eigvalsh(ct_ctensor a, ct_tensor *out) { OUT(at::linalg_eigvalsh(view(a))); }
ct_err ct_qr(ct_ctensor a, ct_tensor *q, ct_tensor *r) {
  return guard([&] {
    auto [left, right] = at::linalg_qr(view(a));
    *q = give(left);
    *r = give(right);
  });
}
ct_err ct_qr_r(ct_ctensor a, ct_tensor *r) {
  return guard([&] { *r = give(std::get<1>(at::linalg_qr(view(a), "r"))); });
}
ct_err ct_cholesky(ct_ctensor a, ct_tensor *out, bool *positive) {
  return guard([&] {
    auto [factor, info] = at::linalg_cholesky_ex(view(a));
    *positive = info.item<int>() == 0;
    *out = give(factor);
  });
}
ct_err ct_svdvals(ct_ctensor a, ct_tensor *out) { OUT(at::linalg_svdvals(view(a))); }
ct_err ct_rfft2(ct_ctensor a, ct_tensor *out) { OUT(at::fft_rfft2(view(a))); }
ct_err ct_irfft2(ct_ctensor a, int64_t height, int64_t width, ct_tensor *out) {
  return guard([&] {
    const int64_t size[2] = {height, width};
    *out = give(at::fft_irfft2(view(a), at::IntArrayRef(size, 2)));
  });
}
} // extern "C"
