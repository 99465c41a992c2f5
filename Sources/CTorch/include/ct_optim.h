// Optimizer steps over lists of tensors.
#ifndef CT_OPTIM_H
#define CT_OPTIM_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
typedef struct {
  double lr, beta1, beta2, eps, weight_decay;
} ct_adam_options;
// One fused step. `steps` are scalar float tensors, counted up here. Parameters with undefined
// gradients are skipped, as in PyTorch.
ct_err ct_adam_step(const ct_ctensor *params, const ct_ctensor *first, const ct_ctensor *second,
                    const ct_ctensor *steps, int32_t n, ct_adam_options o);
// targets += (sources - targets) * weight, for floating-point tensors.
ct_err ct_lerp_many_(const ct_ctensor *targets, const ct_ctensor *sources, int32_t n, double weight);
#ifdef __cplusplus
}
#endif
#endif
