// Tensors: lifetime, creation, properties, copies.
#ifndef CT_TENSOR_H
#define CT_TENSOR_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
void ct_release(ct_tensor t);
int64_t ct_live_handles(void);

ct_err ct_empty(const int64_t *shape, int32_t n, ct_options o, ct_tensor *out);
ct_err ct_full(const int64_t *shape, int32_t n, double v, ct_options o, ct_tensor *out);
ct_err ct_arange(double start, double end, double step, ct_options o, ct_tensor *out);
// Copies `bytes` bytes, which must be the size of shape and dtype.
ct_err ct_from_bytes(const void *p, size_t bytes, const int64_t *shape, int32_t n, ct_options o,
                     ct_tensor *out);

// Address of a contiguous tensor's memory; for a GPU tensor, a device address.
void *ct_data(ct_tensor t);
int32_t ct_dim(ct_ctensor t);
void ct_shape(ct_ctensor t, int64_t *out);
int32_t ct_dtype_of(ct_ctensor t);
ct_options ct_options_of(ct_ctensor t);
int64_t ct_numel(ct_ctensor t);
bool ct_is_channels_last(ct_ctensor t);
bool ct_is_contiguous(ct_ctensor t);
ct_err ct_item(ct_ctensor t, double *out);
// Copies the values, in row-major order, to memory of exactly `bytes` bytes.
ct_err ct_copy_out(ct_ctensor t, void *dst, size_t bytes);

ct_err ct_to(ct_ctensor t, ct_options o, bool non_blocking, ct_tensor *out);
ct_err ct_pin_memory(ct_ctensor t, ct_tensor *out);
ct_err ct_contiguous(ct_ctensor t, bool channels_last, ct_tensor *out);
ct_err ct_clone(ct_ctensor t, ct_tensor *out);
ct_err ct_copy_(ct_ctensor dst, ct_ctensor src);
// Makes dst another view of src's storage, keeping dst's identity in autograd and optimizers.
ct_err ct_set_data(ct_ctensor dst, ct_ctensor src);
#ifdef __cplusplus
}
#endif
#endif
