#include <hdf5.h>
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
