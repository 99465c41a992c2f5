#include "include/ct_math.h"
#include "internal.h"
#include <ATen/core/grad_mode.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/add.h>
#include <ATen/ops/all.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/any.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/atan2.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/complex.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/fill.h>
#include <ATen/ops/floor.h>
#include <ATen/ops/ge.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/imag.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/le.h>
#include <ATen/ops/lerp.h>
#include <ATen/ops/log.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/norm.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/real.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/sign.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/sort.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/square.h>
#include <ATen/ops/std.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/where.h>
using namespace ct;

#define UNARY(name) \
  ct_err ct_##name(ct_ctensor a, ct_tensor *out) { OUT(at::name(view(a))); }
#define BINARY(name) \
  ct_err ct_##name(ct_ctensor a, ct_ctensor b, ct_tensor *out) { OUT(at::name(view(a), view(b))); }
#define SCALAR(name) \
  ct_err ct_##name##_scalar(ct_ctensor a, double s, ct_tensor *out) { OUT(at::name(view(a), s)); }

extern "C" {
BINARY(add)
BINARY(sub)
BINARY(mul)
BINARY(div)
BINARY(maximum)
BINARY(minimum)
BINARY(atan2)
BINARY(complex)
BINARY(lt)
BINARY(eq)
BINARY(logical_and)
SCALAR(add)
SCALAR(mul)
SCALAR(pow)
SCALAR(lt)
SCALAR(le)
SCALAR(gt)
SCALAR(ge)
UNARY(logical_not)
UNARY(neg)
UNARY(abs)
UNARY(exp)
UNARY(log)
UNARY(sqrt)
UNARY(rsqrt)
UNARY(square)
UNARY(sin)
UNARY(cos)
UNARY(floor)
UNARY(sign)
UNARY(isfinite)
UNARY(isnan)
UNARY(real)
UNARY(imag)
UNARY(norm)
UNARY(all)
UNARY(any)
ct_err ct_clamp(ct_ctensor a, double low, double high, ct_tensor *out) {
  OUT(at::clamp(view(a), low, high));
}
ct_err ct_where(ct_ctensor c, ct_ctensor a, ct_ctensor b, ct_tensor *out) {
  OUT(at::where(view(c), view(a), view(b)));
}
ct_err ct_lerp(ct_ctensor a, ct_ctensor b, double weight, ct_tensor *out) {
  OUT(at::lerp(view(a), view(b), weight));
}

ct_err ct_add_(ct_ctensor a, ct_ctensor b, double alpha) {
  return guard([&] {
    at::NoGradGuard no_grad;
    view(a).add_(view(b), alpha);
  });
}
ct_err ct_mul_scalar_(ct_ctensor a, double s) {
  return guard([&] {
    at::NoGradGuard no_grad;
    view(a).mul_(s);
  });
}
ct_err ct_fill_(ct_ctensor a, double s) {
  return guard([&] {
    at::NoGradGuard no_grad;
    view(a).fill_(s);
  });
}

ct_err ct_sum(ct_ctensor a, const int64_t *d, int32_t n, bool keep, ct_tensor *out) {
  OUT(n == 0 ? at::sum(view(a)) : at::sum(view(a), ints(d, n), keep));
}
ct_err ct_mean(ct_ctensor a, const int64_t *d, int32_t n, bool keep, ct_tensor *out) {
  OUT(n == 0 ? at::mean(view(a)) : at::mean(view(a), ints(d, n), keep));
}
ct_err ct_amax(ct_ctensor a, const int64_t *d, int32_t n, bool keep, ct_tensor *out) {
  OUT(at::amax(view(a), ints(d, n), keep));
}
ct_err ct_amin(ct_ctensor a, const int64_t *d, int32_t n, bool keep, ct_tensor *out) {
  OUT(at::amin(view(a), ints(d, n), keep));
}
ct_err ct_std(ct_ctensor a, const int64_t *d, int32_t n, int32_t correction, bool keep,
              ct_tensor *out) {
  OUT(at::std(view(a), n == 0 ? at::OptionalIntArrayRef() : at::OptionalIntArrayRef(ints(d, n)),
              at::Scalar(correction), keep));
}
ct_err ct_argmax(ct_ctensor a, int64_t dim, ct_tensor *out) { OUT(at::argmax(view(a), dim)); }
ct_err ct_sort(ct_ctensor a, int64_t dim, bool descending, ct_tensor *out, ct_tensor *indices) {
  return guard([&] {
    auto [values, order] = at::sort(view(a), /*stable=*/true, dim, descending);
    *out = give(values);
    *indices = give(order);
  });
}
} // extern "C"
