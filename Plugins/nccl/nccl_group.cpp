// The NCCL plug-in: makes LibTorch's ProcessGroupNCCL for the program, which opens this library at
// run time. It is a separate library because it needs the headers of CUDA and NCCL and links
// libtorch_cuda, which machines without a GPU do not have. `scripts/build-nccl-plugin.sh` builds
// it.
//
// The caller is Sources/CTorch/distributed.cpp: both are built against the same LibTorch headers.
#ifndef USE_C10D_NCCL
#define USE_C10D_NCCL
#endif
#include <cstring>
#include <exception>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

// NULL on success, else a malloc'ed message that the caller frees.
extern "C" char *ganinsar_nccl_group(const c10::intrusive_ptr<c10d::Store> *store, int rank,
                                     int size, int64_t timeout_milliseconds,
                                     c10::intrusive_ptr<c10d::Backend> *out) {
  try {
    auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = std::chrono::milliseconds(timeout_milliseconds);
    *out = c10::make_intrusive<c10d::ProcessGroupNCCL>(*store, rank, size, options);
    return nullptr;
  } catch (const c10::Error &error) {
    return strdup(error.what_without_backtrace());
  } catch (const std::exception &error) {
    return strdup(error.what());
  } catch (...) {
    return strdup("an unknown exception");
  }
}
