#define REAL_BITS 64
#include "transform_body.h"
