// Automatic differentiation and autocast.
#ifndef CT_AUTOGRAD_H
#define CT_AUTOGRAD_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
bool ct_grad_enabled(void);
void ct_set_grad_enabled(bool on);
ct_err ct_requires_grad_(ct_ctensor t, bool on);
bool ct_requires_grad(ct_ctensor t);
ct_err ct_detach(ct_ctensor t, ct_tensor *out);
ct_err ct_backward(ct_ctensor loss);
// *out is NULL if there is none.
ct_err ct_grad(ct_ctensor t, ct_tensor *out);
ct_err ct_zero_grad(ct_ctensor t);
// d(sum outputs)/d(inputs); elements of `grads` are NULL for inputs that were not used.
ct_err ct_gradients(ct_ctensor output, const ct_ctensor *inputs, int32_t n, bool create_graph,
                    ct_tensor *grads);
// Returns whether autocast was on.
bool ct_autocast_begin(int32_t device, int32_t dtype);
void ct_autocast_end(int32_t device, bool was_on);
#ifdef __cplusplus
}
#endif
#endif
