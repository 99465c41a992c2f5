#include "include/ct_autograd.h"
#include "internal.h"
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
using namespace ct;

extern "C" {
bool ct_grad_enabled(void) { return at::GradMode::is_enabled(); }
void ct_set_grad_enabled(bool on) { at::GradMode::set_enabled(on); }
ct_err ct_requires_grad_(ct_ctensor t, bool on) {
  return guard([&] { view(t).set_requires_grad(on); });
}
bool ct_requires_grad(ct_ctensor t) { return view(t).requires_grad(); }
ct_err ct_detach(ct_ctensor t, ct_tensor *out) { OUT(view(t).detach()); }
ct_err ct_backward(ct_ctensor loss) {
  return guard([&] { view(loss).backward(); });
}
ct_err ct_grad(ct_ctensor t, ct_tensor *out) {
  return guard([&] {
    auto &g = view(t).grad();
    *out = g.defined() ? give(g) : nullptr;
  });
}
ct_err ct_zero_grad(ct_ctensor t) {
  return guard([&] { view(t).mutable_grad() = at::Tensor(); });
}
ct_err ct_gradients(ct_ctensor output, const ct_ctensor *inputs, int32_t n, bool create_graph,
                    ct_tensor *grads) {
  return guard([&] {
    auto result = torch::autograd::grad({view(output)}, list(inputs, n), {}, std::nullopt,
                                        create_graph, /*allow_unused=*/true);
    for (int32_t i = 0; i < n; i++) grads[i] = result[i].defined() ? give(result[i]) : nullptr;
  });
}
} // extern "C"
