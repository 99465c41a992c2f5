// Matrix products, decompositions and Fourier transforms.
#ifndef CT_LINALG_H
#define CT_LINALG_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
ct_err ct_matmul(ct_ctensor a, ct_ctensor b, ct_tensor *out);
ct_err ct_eigvalsh(ct_ctensor a, ct_tensor *out);
ct_err ct_eigh(ct_ctensor a, ct_tensor *values, ct_tensor *vectors);
ct_err ct_qr(ct_ctensor a, ct_tensor *q, ct_tensor *r);
// Over the last two dimensions, unnormalised forward, 1/n backward.
// [..., 2] real as [...] complex, in the same memory.
ct_err ct_view_as_complex(ct_ctensor a, ct_tensor *out);
ct_err ct_rfft2(ct_ctensor a, ct_tensor *out);
ct_err ct_irfft2(ct_ctensor a, int64_t height, int64_t width, ct_tensor *out);
#ifdef __cplusplus
}
#endif
#endif
