// Shapes: views, slices, joins and index operations.
#ifndef CT_SHAPE_H
#define CT_SHAPE_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
ct_err ct_reshape(ct_ctensor a, const int64_t *shape, int32_t n, ct_tensor *out);
ct_err ct_expand(ct_ctensor a, const int64_t *shape, int32_t n, ct_tensor *out);
ct_err ct_permute(ct_ctensor a, const int64_t *dims, int32_t n, ct_tensor *out);
ct_err ct_transpose(ct_ctensor a, int64_t i, int64_t j, ct_tensor *out);
ct_err ct_unsqueeze(ct_ctensor a, int64_t dim, ct_tensor *out);
ct_err ct_squeeze(ct_ctensor a, int64_t dim, ct_tensor *out);
ct_err ct_narrow(ct_ctensor a, int64_t dim, int64_t start, int64_t length, ct_tensor *out);
ct_err ct_index_select(ct_ctensor a, int64_t dim, ct_ctensor index, ct_tensor *out);
ct_err ct_gather(ct_ctensor a, int64_t dim, ct_ctensor index, ct_tensor *out);
ct_err ct_cat(const ct_ctensor *ts, int32_t n, int64_t dim, ct_tensor *out);
ct_err ct_stack(const ct_ctensor *ts, int32_t n, int64_t dim, ct_tensor *out);
ct_err ct_flip(ct_ctensor a, const int64_t *dims, int32_t n, ct_tensor *out);
ct_err ct_roll(ct_ctensor a, const int64_t *shifts, const int64_t *dims, int32_t n, ct_tensor *out);
enum ct_pad_mode { CT_PAD_CONSTANT = 0, CT_PAD_REFLECT = 1, CT_PAD_REPLICATE = 2 };
// `amounts` as in PyTorch: last dimension first, two numbers each.
ct_err ct_pad(ct_ctensor a, const int64_t *amounts, int32_t n, int32_t mode, double value,
              ct_tensor *out);
#ifdef __cplusplus
}
#endif
#endif
