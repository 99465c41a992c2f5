#include "include/ct_shape.h"
#include "internal.h"
#include <ATen/ops/cat.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/narrow.h>
#include <ATen/ops/pad.h>
#include <ATen/ops/permute.h>
#include <ATen/ops/reshape.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/squeeze.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/transpose.h>
#include <ATen/ops/unsqueeze.h>
using namespace ct;

extern "C" {
ct_err ct_reshape(ct_ctensor a, const int64_t *s, int32_t n, ct_tensor *out) {
  OUT(at::reshape(view(a), ints(s, n)));
}
ct_err ct_expand(ct_ctensor a, const int64_t *s, int32_t n, ct_tensor *out) {
  OUT(view(a).expand(ints(s, n)));
}
ct_err ct_permute(ct_ctensor a, const int64_t *d, int32_t n, ct_tensor *out) {
  OUT(at::permute(view(a), ints(d, n)));
}
ct_err ct_transpose(ct_ctensor a, int64_t i, int64_t j, ct_tensor *out) {
  OUT(at::transpose(view(a), i, j));
}
ct_err ct_unsqueeze(ct_ctensor a, int64_t dim, ct_tensor *out) { OUT(at::unsqueeze(view(a), dim)); }
ct_err ct_squeeze(ct_ctensor a, int64_t dim, ct_tensor *out) { OUT(at::squeeze(view(a), dim)); }
ct_err ct_narrow(ct_ctensor a, int64_t dim, int64_t start, int64_t length, ct_tensor *out) {
  OUT(at::narrow(view(a), dim, start, length));
}
ct_err ct_index_select(ct_ctensor a, int64_t dim, ct_ctensor index, ct_tensor *out) {
  OUT(at::index_select(view(a), dim, view(index)));
}
ct_err ct_gather(ct_ctensor a, int64_t dim, ct_ctensor index, ct_tensor *out) {
  OUT(at::gather(view(a), dim, view(index)));
}
ct_err ct_cat(const ct_ctensor *ts, int32_t n, int64_t dim, ct_tensor *out) {
  OUT(at::cat(list(ts, n), dim));
}
ct_err ct_stack(const ct_ctensor *ts, int32_t n, int64_t dim, ct_tensor *out) {
  OUT(at::stack(list(ts, n), dim));
}
ct_err ct_flip(ct_ctensor a, const int64_t *d, int32_t n, ct_tensor *out) {
  OUT(at::flip(view(a), ints(d, n)));
}
ct_err ct_roll(ct_ctensor a, const int64_t *shifts, const int64_t *d, int32_t n, ct_tensor *out) {
  OUT(at::roll(view(a), ints(shifts, n), ints(d, n)));
}
ct_err ct_pad(ct_ctensor a, const int64_t *amounts, int32_t n, int32_t mode, double value,
              ct_tensor *out) {
  return guard([&] {
    static const char *const names[] = {"constant", "reflect", "replicate"};
    auto fill = mode == CT_PAD_CONSTANT ? std::optional<double>(value) : std::nullopt;
    *out = give(at::pad(view(a), ints(amounts, n), names[mode], fill));
  });
}
} // extern "C"
