#include "include/ct_optim.h"
#include "internal.h"
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_fused_adam.h>
using namespace ct;

extern "C" {
ct_err ct_adam_step(const ct_ctensor *params, const ct_ctensor *first, const ct_ctensor *second,
                    const ct_ctensor *steps, int32_t n, ct_adam_options o) {
  return guard([&] {
    at::NoGradGuard no_grad;
    std::vector<at::Tensor> p, g, m, v, s;
    for (int32_t i = 0; i < n; i++) {
      auto &gradient = view(params[i]).grad();
      if (!gradient.defined()) continue;
      p.push_back(view(params[i]));
      g.push_back(gradient);
      m.push_back(view(first[i]));
      v.push_back(view(second[i]));
      s.push_back(view(steps[i]));
    }
    if (p.empty()) return;
    at::_foreach_add_(s, 1);
    at::_fused_adam_(p, g, m, v, {}, s, o.lr, o.beta1, o.beta2, o.weight_decay, o.eps,
                     /*amsgrad=*/false, /*maximize=*/false);
  });
}
ct_err ct_lerp_many_(const ct_ctensor *targets, const ct_ctensor *sources, int32_t n,
                     double weight) {
  return guard([&] {
    at::NoGradGuard no_grad;
    at::_foreach_lerp_(list(targets, n), list(sources, n), weight);
  });
}
} // extern "C"
