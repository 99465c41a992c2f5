// Neural-network operators and losses, NCHW.
#ifndef CT_NN_H
#define CT_NN_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
ct_err ct_linear(ct_ctensor x, ct_ctensor w, ct_ctensor bias_or_null, ct_tensor *out);
ct_err ct_conv2d(ct_ctensor x, ct_ctensor w, ct_ctensor bias_or_null, int32_t stride, int32_t pad_h,
                 int32_t pad_w, int32_t groups, ct_tensor *out);
ct_err ct_conv_transpose2d(ct_ctensor x, ct_ctensor w, ct_ctensor bias_or_null, int32_t stride,
                           int32_t pad, ct_tensor *out);
ct_err ct_batch_norm(ct_ctensor x, ct_ctensor weight_or_null, ct_ctensor bias_or_null,
                     ct_ctensor running_mean, ct_ctensor running_var, bool training,
                     double momentum, double eps, ct_tensor *out);
ct_err ct_upsample_nearest2x(ct_ctensor x, ct_tensor *out);
ct_err ct_resize_bilinear(ct_ctensor x, int64_t height, int64_t width, bool antialias,
                          ct_tensor *out);
// Keys' kernel with a = -0.5, wider when downsampling, as in Pillow.
ct_err ct_resize_bicubic_aa(ct_ctensor x, int64_t height, int64_t width, ct_tensor *out);
ct_err ct_avg_pool2d(ct_ctensor x, int32_t kernel, int32_t stride, int32_t pad,
                     bool count_include_pad, ct_tensor *out);
ct_err ct_max_pool2d(ct_ctensor x, int32_t kernel, int32_t stride, int32_t pad, ct_tensor *out);
ct_err ct_relu(ct_ctensor a, ct_tensor *out);
// In place, outside autograd.
ct_err ct_relu_(ct_ctensor a);
ct_err ct_leaky_relu(ct_ctensor a, double slope, ct_tensor *out);
ct_err ct_tanh(ct_ctensor a, ct_tensor *out);
ct_err ct_sigmoid(ct_ctensor a, ct_tensor *out);
ct_err ct_softplus(ct_ctensor a, ct_tensor *out);
// x Phi(x), with the exact Phi.
ct_err ct_gelu(ct_ctensor a, ct_tensor *out);
// Over the last dimension.
ct_err ct_layer_norm(ct_ctensor x, ct_ctensor weight_or_null, ct_ctensor bias_or_null, double eps,
                     ct_tensor *out);
// Channels in equal groups, each with a mean and a deviation of its own.
ct_err ct_group_norm(ct_ctensor x, int64_t groups, ct_ctensor weight_or_null,
                     ct_ctensor bias_or_null, double eps, ct_tensor *out);
// softmax(queries keys^T scale) values: [..., L, E], [..., M, E], [..., M, V] -> [..., L, V].
ct_err ct_attention(ct_ctensor queries, ct_ctensor keys, ct_ctensor values, double scale,
                    ct_tensor *out);
// Means over all elements.
ct_err ct_bce_with_logits(ct_ctensor logits, ct_ctensor target, ct_tensor *out);
ct_err ct_mse(ct_ctensor a, ct_ctensor b, ct_tensor *out);
// W / sigma with sigma = u^T W v, W seen as [out, rest], after one step of the power iteration from
// u, outside autograd: gradients flow only through W. The new u and v are stored if `store`.
ct_err ct_spectral_norm(ct_ctensor w, ct_ctensor u, ct_ctensor v, bool store, double eps,
                        ct_tensor *out);
#ifdef __cplusplus
}
#endif
#endif
