// Threads, the CUDA back end (loaded at run time), and memory use.
#ifndef CT_DEVICE_H
#define CT_DEVICE_H
#include "ct_base.h"
#ifdef __cplusplus
extern "C" {
#endif
void ct_set_num_threads(int32_t n);
int32_t ct_get_num_threads(void);
// Opens libtorch_cuda.so. Must run before CUDA is used, because the hooks are looked up once.
ct_err ct_cuda_load(const char *path_or_null, bool *available);
bool ct_cuda_available(void);
int32_t ct_cuda_device_count(void);
ct_err ct_synchronize(int32_t device, int32_t index);
// Current and peak memory of the CUDA allocator, in bytes.
ct_err ct_memory_stats(int32_t index, int64_t *now, int64_t *peak);
// cuDNN times its algorithms; TF32 for float32 products on a GPU.
ct_err ct_set_cuda_options(bool cudnn_benchmark, bool allow_tf32);
#ifdef __cplusplus
}
#endif
#endif
