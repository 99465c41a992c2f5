// Process groups: a key-value store, sums over all processes, and batch statistics.
#ifndef CT_DISTRIBUTED_H
#define CT_DISTRIBUTED_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
typedef struct ct_group_s *ct_group;
typedef struct {
  const char *host; // of the store
  int32_t port, rank, size;
  // Whether this process opens the store; all others connect to it.
  bool serves_store;
  // Prefix of every key, so that a restarted job does not read keys of an earlier one.
  const char *prefix;
  // How long to wait for other processes to join, and for each operation.
  double join_seconds, operation_seconds;
} ct_group_options;

// Returns when all processes have joined.
ct_err ct_group_new(ct_group_options o, ct_group *out);
void ct_group_free(ct_group g);
// Closes the connections to the other processes, whose pending operations then fail; the store
// remains open.
void ct_group_leave(ct_group g);
// Whether an operation over all processes has failed; no further one will work.
bool ct_group_has_failed(ct_group g);
// Opens the plug-in that sums GPU tensors through NCCL; without it, or with NULL, they are summed
// on the host.
ct_err ct_group_load_nccl(ct_group g, const char *path_or_null);

// Sums (or averages) over all processes in place, in one message for the list. One dtype and device.
ct_err ct_group_reduce(ct_group g, const ct_ctensor *ts, int32_t n, bool average);
// Overwrites the tensors with those of process `root`.
ct_err ct_group_broadcast(ct_group g, const ct_ctensor *ts, int32_t n, int32_t root);
ct_err ct_group_barrier(ct_group g);

ct_err ct_group_set(ct_group g, const char *key, const char *value);
// *value is malloc'ed, or NULL if no process has set the key yet.
ct_err ct_group_get(ct_group g, const char *key, char **value);

// Synchronized batch norm with the statistics of all processes' batches; only for training.
// Gradients are those of the sum of the processes' losses.
ct_err ct_group_batch_norm(ct_group g, ct_ctensor x, ct_ctensor weight_or_null,
                           ct_ctensor bias_or_null, ct_ctensor running_mean, ct_ctensor running_var,
                           double momentum, double eps, ct_tensor *out);
#ifdef __cplusplus
}
#endif
#endif
