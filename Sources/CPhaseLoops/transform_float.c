#define REAL_BITS 32
#include "transform_body.h"
