#pragma once
#include "include/ct_distributed.h"
#include "internal.h"
#include <memory>

namespace ct {
// Sums a contiguous tensor over all processes, in place.
void sum_over_processes(ct_group g, at::Tensor &t);
int group_size(ct_group g);
int group_rank(ct_group g);
} // namespace ct
