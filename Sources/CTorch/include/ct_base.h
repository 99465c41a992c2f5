// Common declarations: handles, the error convention, dtypes and devices.
#ifndef CT_BASE_H
#define CT_BASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ct_tensor_s *ct_tensor;        // owns one reference
typedef const struct ct_tensor_s *ct_ctensor; // borrowed
// NULL on success, else a malloc'ed message that the caller frees with ct_free.
typedef char *ct_err;

// The values are c10::ScalarType's.
enum ct_dtype {
  CT_U8 = 0, CT_I8 = 1, CT_I16 = 2, CT_I32 = 3, CT_I64 = 4, CT_F16 = 5, CT_F32 = 6, CT_F64 = 7,
  CT_C64 = 9, CT_C128 = 10, CT_BOOL = 11, CT_BF16 = 15
};
enum ct_device { CT_CPU = 0, CT_CUDA = 1 };
typedef struct {
  int32_t dtype, device, index;
} ct_options;

#ifdef __cplusplus
extern "C" {
#endif
void ct_free(void *p);
const char *ct_version(void);
#ifdef __cplusplus
}
#endif
#endif
