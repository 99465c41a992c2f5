// Elementwise arithmetic, comparisons and reductions.
#ifndef CT_MATH_H
#define CT_MATH_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
#define CT_UNARY(name) ct_err ct_##name(ct_ctensor a, ct_tensor *out)
#define CT_BINARY(name) ct_err ct_##name(ct_ctensor a, ct_ctensor b, ct_tensor *out)
#define CT_SCALAR(name) ct_err ct_##name(ct_ctensor a, double s, ct_tensor *out)
CT_BINARY(add);
CT_BINARY(sub);
CT_BINARY(mul);
CT_BINARY(div);
CT_BINARY(maximum);
CT_BINARY(minimum);
CT_BINARY(atan2);
CT_BINARY(complex);
CT_SCALAR(add_scalar);
CT_SCALAR(mul_scalar);
CT_SCALAR(pow_scalar);
CT_SCALAR(lt_scalar);
CT_SCALAR(le_scalar);
CT_SCALAR(gt_scalar);
CT_SCALAR(ge_scalar);
CT_BINARY(lt);
CT_BINARY(eq);
CT_BINARY(logical_and);
CT_UNARY(logical_not);
CT_UNARY(neg);
CT_UNARY(abs);
CT_UNARY(exp);
CT_UNARY(log);
CT_UNARY(sqrt);
CT_UNARY(rsqrt);
CT_UNARY(square);
CT_UNARY(sin);
CT_UNARY(cos);
CT_UNARY(floor);
CT_UNARY(sign);
CT_UNARY(isfinite);
CT_UNARY(isnan);
CT_UNARY(real);
CT_UNARY(imag);
ct_err ct_clamp(ct_ctensor a, double low, double high, ct_tensor *out);
ct_err ct_where(ct_ctensor condition, ct_ctensor a, ct_ctensor b, ct_tensor *out);
ct_err ct_lerp(ct_ctensor a, ct_ctensor b, double weight, ct_tensor *out);

// In place, outside autograd.
ct_err ct_add_(ct_ctensor a, ct_ctensor b, double alpha);
ct_err ct_mul_scalar_(ct_ctensor a, double s);
ct_err ct_fill_(ct_ctensor a, double s);

// Reductions; n = 0 means over all elements.
#define CT_REDUCE(name) \
  ct_err ct_##name(ct_ctensor a, const int64_t *dims, int32_t n, bool keep, ct_tensor *out)
CT_REDUCE(sum);
CT_REDUCE(mean);
CT_REDUCE(amax);
CT_REDUCE(amin);
ct_err ct_std(ct_ctensor a, const int64_t *dims, int32_t n, int32_t correction, bool keep,
              ct_tensor *out);
CT_UNARY(norm);
CT_UNARY(all);
CT_UNARY(any);
ct_err ct_argmax(ct_ctensor a, int64_t dim, ct_tensor *out);
ct_err ct_sort(ct_ctensor a, int64_t dim, bool descending, ct_tensor *out, ct_tensor *indices);
#undef CT_UNARY
#undef CT_BINARY
#undef CT_SCALAR
#undef CT_REDUCE
#ifdef __cplusplus
}
#endif
#endif
