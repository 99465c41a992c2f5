#include "group.h"
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/batch_norm_update_stats.h>
#include <ATen/ops/native_batch_norm.h>
#include <ATen/ops/native_batch_norm_backward.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>
using namespace ct;

namespace {
struct Statistics {
  at::Tensor mean, variance; // [C], of all processes' batches together
  double count;              // values per channel, over all processes
};

// One message with each process's count, mean and sum of squared deviations, in float64: sums of
// squares alone would lose the variance of channels whose mean is large.
// Source: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983.
Statistics statistics(ct_group g, const at::Tensor &x) {
  auto own = at::batch_norm_update_stats(x, {}, {}, 0.1);
  const int64_t channels = x.size(1);
  const double count = static_cast<double>(x.numel() / channels);
  auto all = at::zeros({group_size(g), 2 * channels + 1}, x.options().dtype(at::kDouble));
  auto mine = all[group_rank(g)];
  mine[0].fill_(count);
  mine.narrow(0, 1, channels).copy_(std::get<0>(own));
  mine.narrow(0, 1 + channels, channels).copy_(std::get<1>(own)).mul_(count);
  sum_over_processes(g, all);
  auto counts = all.narrow(1, 0, 1); // [P, 1]
  auto means = all.narrow(1, 1, channels);
  auto deviations = all.narrow(1, 1 + channels, channels);
  auto total = counts.sum();
  auto mean = (means * counts).sum(0) / total;
  auto variance = (deviations + (means - mean).square() * counts).sum(0) / total;
  return {mean.to(at::kFloat), variance.to(at::kFloat), count * group_size(g)};
}

at::Tensor normalised(const at::Tensor &x, const std::optional<at::Tensor> &weight,
                      const std::optional<at::Tensor> &bias, const at::Tensor &mean,
                      const at::Tensor &variance, double eps) {
  return std::get<0>(at::native_batch_norm(x, weight, bias, mean, variance, /*training=*/false,
                                           /*momentum=*/0, eps));
}

// (x - mean) / sqrt(variance + eps); mean and variance are functions of every process's x.
struct Normalise : torch::autograd::Function<Normalise> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &x,
                            const at::Tensor &mean, const at::Tensor &variance, double count,
                            double eps, int64_t group) {
    context->save_for_backward({x, mean, variance});
    context->saved_data["count"] = count;
    context->saved_data["eps"] = eps;
    context->saved_data["group"] = group;
    return normalised(x, {}, {}, mean, variance, eps);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    auto saved = context->get_saved_variables();
    const auto &x = saved[0], &mean = saved[1], &variance = saved[2];
    const double count = context->saved_data["count"].toDouble();
    const double eps = context->saved_data["eps"].toDouble();
    auto group = reinterpret_cast<ct_group>(context->saved_data["group"].toInt());
    auto dy = gradients[0].contiguous(x.suggest_memory_format());
    // With fixed statistics; the sums of dy and of dy * normalized(x) come with it.
    auto [dx, product, sum] =
        at::native_batch_norm_backward(dy, x, at::ones_like(mean), mean, variance, {}, {},
                                       /*train=*/false, eps, {true, true, true});
    auto sums = at::stack({sum, product}).to(at::kDouble);
    sum_over_processes(group, sums);
    // The gradient through the statistics: -(mean(dy) + normalized(x) mean(dy normalized(x))) /
    // std.
    auto scale = -((variance.to(at::kDouble) + eps).rsqrt()) / count;
    dx.add_(normalised(x, (scale * sums[1]).to(at::kFloat), (scale * sums[0]).to(at::kFloat), mean,
                       variance, eps));
    return {dx, {}, {}, {}, {}, {}};
  }
};
} // namespace

extern "C" ct_err ct_group_batch_norm(ct_group g, ct_ctensor input, ct_ctensor weight,
                                      ct_ctensor bias, ct_ctensor running_mean,
                                      ct_ctensor running_var, double momentum, double eps,
                                      ct_tensor *out) {
  return guard([&] {
    const auto &given = view(input);
    TORCH_CHECK(given.dim() == 4 && given.size(1) == view(running_mean).numel(),
                "batch norm of ", view(running_mean).numel(), " channels got ", given.sizes());
    auto x = given.to(at::kFloat);
    Statistics s;
    {
      at::NoGradGuard no_grad;
      s = statistics(g, x.detach());
      view(running_mean).lerp_(s.mean, momentum);
      view(running_var).lerp_(s.variance * (s.count / (s.count - 1)), momentum);
    }
    auto y = Normalise::apply(x, s.mean, s.variance, s.count, eps, reinterpret_cast<int64_t>(g));
    if (weight) y = y * view(weight).view({1, -1, 1, 1});
    if (bias) y = y + view(bias).view({1, -1, 1, 1});
    *out = give(y.to(given.scalar_type()));
  });
}
