// C interface to the LibTorch functions that TorchCore uses. Plain C: without C++ types and
// exceptions.
#ifndef CTORCH_H
#define CTORCH_H
#include "ct_autograd.h"
#include "ct_base.h"
#include "ct_device.h"
#include "ct_distributed.h"
#include "ct_linalg.h"
#include "ct_math.h"
#include "ct_nn.h"
#include "ct_optim.h"
#include "ct_random.h"
#include "ct_shape.h"
#include "ct_tensor.h"
#endif
