#include "include/ct_nn.h"
#include "internal.h"
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/div.h>
#include <ATen/ops/dot.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/mv.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
using namespace ct;

extern "C" {
ct_err ct_linear(ct_ctensor x, ct_ctensor w, ct_ctensor b, ct_tensor *out) {
  OUT(at::linear(view(x), view(w), opt(b)));
}
ct_err ct_conv2d(ct_ctensor x, ct_ctensor w, ct_ctensor b, int32_t stride, int32_t pad_h,
                 int32_t pad_w, int32_t groups, ct_tensor *out) {
  OUT(at::conv2d(view(x), view(w), opt(b), {stride, stride}, {pad_h, pad_w}, {1, 1}, groups));
}
ct_err ct_conv_transpose2d(ct_ctensor x, ct_ctensor w, ct_ctensor b, int32_t stride, int32_t pad,
                           ct_tensor *out) {
  OUT(at::conv_transpose2d(view(x), view(w), opt(b), {stride, stride}, {pad, pad}));
}
ct_err ct_batch_norm(ct_ctensor x, ct_ctensor w, ct_ctensor b, ct_ctensor mean, ct_ctensor var,
                     bool training, double momentum, double eps, ct_tensor *out) {
  OUT(at::batch_norm(view(x), opt(w), opt(b), opt(mean), opt(var), training, momentum, eps,
                     /*cudnn_enabled=*/true));
}
ct_err ct_upsample_nearest2x(ct_ctensor x, ct_tensor *out) {
  return guard([&] {
    auto &t = view(x);
    TORCH_CHECK(t.dim() == 4, "upsampling takes [N, C, H, W], got ", t.sizes());
    *out = give(at::upsample_nearest2d(t, {t.size(2) * 2, t.size(3) * 2}));
  });
}
ct_err ct_resize_bilinear(ct_ctensor x, int64_t height, int64_t width, bool antialias,
                          ct_tensor *out) {
  OUT(antialias ? at::_upsample_bilinear2d_aa(view(x), {height, width}, /*align_corners=*/false)
                : at::upsample_bilinear2d(view(x), {height, width}, /*align_corners=*/false));
}
ct_err ct_resize_bicubic_aa(ct_ctensor x, int64_t height, int64_t width, ct_tensor *out) {
  OUT(at::_upsample_bicubic2d_aa(view(x), {height, width}, /*align_corners=*/false));
}
ct_err ct_avg_pool2d(ct_ctensor x, int32_t kernel, int32_t stride, int32_t pad,
                     bool count_include_pad, ct_tensor *out) {
  OUT(at::avg_pool2d(view(x), {kernel, kernel}, {stride, stride}, {pad, pad}, /*ceil_mode=*/false,
                     count_include_pad));
}
ct_err ct_max_pool2d(ct_ctensor x, int32_t kernel, int32_t stride, int32_t pad, ct_tensor *out) {
  OUT(at::max_pool2d(view(x), {kernel, kernel}, {stride, stride}, {pad, pad}));
}
ct_err ct_relu(ct_ctensor a, ct_tensor *out) { OUT(at::relu(view(a))); }
ct_err ct_relu_(ct_ctensor a) {
  return guard([&] {
    at::NoGradGuard no_grad;
    auto t = view(a);
    at::relu_(t);
  });
}
ct_err ct_leaky_relu(ct_ctensor a, double slope, ct_tensor *out) {
  OUT(at::leaky_relu(view(a), slope));
}
ct_err ct_tanh(ct_ctensor a, ct_tensor *out) { OUT(at::tanh(view(a))); }
ct_err ct_sigmoid(ct_ctensor a, ct_tensor *out) { OUT(at::sigmoid(view(a))); }
ct_err ct_softplus(ct_ctensor a, ct_tensor *out) { OUT(at::softplus(view(a))); }
ct_err ct_gelu(ct_ctensor a, ct_tensor *out) { OUT(at::gelu(view(a))); }
ct_err ct_layer_norm(ct_ctensor x, ct_ctensor w, ct_ctensor b, double eps, ct_tensor *out) {
  return guard([&] {
    auto &t = view(x);
    TORCH_CHECK(t.dim() > 0, "layer norm takes [..., C], got a scalar");
    *out = give(at::layer_norm(t, {t.size(-1)}, opt(w), opt(b), eps));
  });
}
ct_err ct_group_norm(ct_ctensor x, int64_t groups, ct_ctensor w, ct_ctensor b, double eps,
                     ct_tensor *out) {
  OUT(at::group_norm(view(x), groups, opt(w), opt(b), eps));
}
ct_err ct_attention(ct_ctensor queries, ct_ctensor keys, ct_ctensor values, double scale,
                    ct_tensor *out) {
  OUT(at::scaled_dot_product_attention(view(queries), view(keys), view(values),
                                       /*attn_mask=*/std::nullopt, /*dropout_p=*/0,
                                       /*is_causal=*/false, scale));
}
ct_err ct_bce_with_logits(ct_ctensor logits, ct_ctensor target, ct_tensor *out) {
  OUT(at::binary_cross_entropy_with_logits(view(logits), view(target)));
}
ct_err ct_mse(ct_ctensor a, ct_ctensor b, ct_tensor *out) { OUT(at::mse_loss(view(a), view(b))); }
ct_err ct_spectral_norm(ct_ctensor weight, ct_ctensor u, ct_ctensor v, bool store, double eps,
                        ct_tensor *out) {
  return guard([&] {
    // In bfloat16 the power iteration would not converge, so autocast is disabled.
    c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    auto w = view(weight).flatten(1);
    at::Tensor next_u, next_v;
    {
      at::NoGradGuard no_grad;
      next_v = at::mv(w.t(), view(u));
      next_v = at::div(next_v, next_v.norm().clamp_min(eps));
      next_u = at::mv(w, next_v);
      next_u = at::div(next_u, next_u.norm().clamp_min(eps));
      if (store) {
        view(v).copy_(next_v);
        view(u).copy_(next_u);
      }
    }
    auto sigma = at::dot(next_u, at::mv(w, next_v));
    *out = give(at::div(view(weight), sigma));
  });
}
} // extern "C"
