#include <hdf5.h>
// Constants must not end the program where the library is newer than these headers, as in the wheel.
#undef H5CHECK
#define H5CHECK
// HDF5's types and constants are macros with side effects or casts, which Swift does not import.
static inline hid_t ch5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t ch5_little_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t ch5_c_string(void) { return H5T_C_S1; }
static inline size_t ch5_variable_length(void) { return H5T_VARIABLE; }
static inline hid_t ch5_default_properties(void) { return H5P_DEFAULT; }
static inline hid_t ch5_all(void) { return H5S_ALL; }
static inline hid_t ch5_default_stack(void) { return H5E_DEFAULT; }
static inline unsigned ch5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned ch5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t ch5_file_access(void) { return H5P_FILE_ACCESS; }
// hbool_t is an integer in some releases and bool in others.
static inline herr_t ch5_keep_in_memory(hid_t access, size_t increment) {
  return H5Pset_fapl_core(access, increment, 0);
}
static inline hid_t ch5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t ch5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t ch5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t ch5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline unsigned ch5_read_write(void) { return H5F_ACC_RDWR; }
static inline herr_t ch5_leave_out_times(hid_t creation) {
  return H5Pset_obj_track_times(creation, 0);
}

// Objects and links; their structures changed with HDF5 1.12.
typedef struct {
  unsigned long file;
  unsigned char token[16];
} ch5_object;
/// Identifies an object: two names of the same object give the same result. Negative on failure.
static inline int ch5_identify(hid_t object, ch5_object *result) {
  for (int i = 0; i < 16; i++) result->token[i] = 0;
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  if (H5Oget_info3(object, &info, H5O_INFO_BASIC) < 0) return -1;
  for (int i = 0; i < 16; i++) result->token[i] = info.token.__data[i];
#else
  H5O_info_t info;
  if (H5Oget_info(object, &info) < 0) return -1;
  for (int i = 0; i < 8; i++) result->token[i] = (unsigned char)(info.addr >> (8 * i));
#endif
  result->file = info.fileno;
  return 0;
}

enum { ch5_hard_link = 0, ch5_soft_link = 1, ch5_external_link = 64 };
/// Returns 0 to continue. `value_size`: size in bytes of the value of a link that is not a hard
/// link.
typedef int (*ch5_visitor)(const char *name, int kind, size_t value_size, void *context);
struct ch5_visit {
  ch5_visitor visitor;
  void *context;
};
#if H5_VERSION_GE(1, 12, 0)
static herr_t ch5_visit_link(hid_t group, const char *name, const H5L_info2_t *info, void *data) {
#else
static herr_t ch5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
#endif
  struct ch5_visit *visit = (struct ch5_visit *)data;
  (void)group;
  return visit->visitor(name, (int)info->type, info->type == H5L_TYPE_HARD ? 0 : info->u.val_size,
                        visit->context);
}
/// Calls `visitor` for each link of a group, by name. Negative on failure.
static inline herr_t ch5_visit_links(hid_t group, ch5_visitor visitor, void *context) {
  struct ch5_visit visit = {visitor, context};
  hsize_t start = 0;
#if H5_VERSION_GE(1, 12, 0)
  return H5Literate2(group, H5_INDEX_NAME, H5_ITER_INC, &start, ch5_visit_link, &visit);
#else
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &start, ch5_visit_link, &visit);
#endif
}
