#include <hdf5.h>
// HDF5's type and property-list names are macros with side effects, which Swift does not import.
static inline hid_t ch5_native_float(void) { return H5T_NATIVE_FLOAT; }
