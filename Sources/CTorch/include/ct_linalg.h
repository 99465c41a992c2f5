// Matrix products, decompositions and Fourier transforms.
#ifndef CT_LINALG_H
#define CT_LINALG_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
ct_err ct_matmul(ct_ctensor a, ct_ctensor b, ct_tensor *out);
ct_err ct_eigvalsh(ct_ctensor a, ct_tensor *out);
ct_err ct_qr(ct_ctensor a, ct_tensor *q, ct_tensor *r);
// Only R, at half the cost.
ct_err ct_qr_r(ct_ctensor a, ct_tensor *r);
// The lower factor; `positive` is whether the matrix is positive definite.
ct_err ct_cholesky(ct_ctensor a, ct_tensor *out, bool *positive);
// Descending.
ct_err ct_svdvals(ct_ctensor a, ct_tensor *out);
// Over the last two dimensions; forward not normalized, backward with 1/n.
ct_err ct_rfft2(ct_ctensor a, ct_tensor *out);
ct_err ct_irfft2(ct_ctensor a, int64_t height, int64_t width, ct_tensor *out);
#ifdef __cplusplus
}
#endif
#endif
