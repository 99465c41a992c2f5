#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include "group.h"
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
using namespace ct;

struct ct_group_s {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::Backend> host;
  c10::intrusive_ptr<c10d::Backend> gpu; // from the NCCL plug-in
  int rank = 0, size = 1;
  std::chrono::milliseconds timeout{0};
  std::atomic<bool> failed{false};
};

namespace {
std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

std::shared_ptr<::gloo::transport::Device> gloo_device(const std::string &store_host) {
  // The network interface to use; PyTorch reads the same variable.
  const char *interface = std::getenv("GLOO_SOCKET_IFNAME");
  if (interface && *interface)
    return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  // The name of this machine may resolve to an address on which nothing listens.
  if (store_host == "localhost" || store_host.rfind("127.", 0) == 0)
    return c10d::ProcessGroupGloo::createDeviceForHostname(store_host);
  return c10d::ProcessGroupGloo::createDefaultDevice();
}

// Runs a collective operation and records its failure.
template <class F> void together(ct_group g, F &&f) {
  TORCH_CHECK(g->host, "this process has left the others");
  try {
    f();
  } catch (...) {
    g->failed = true;
    throw;
  }
}

c10d::Backend &backend(ct_group g, const at::Tensor &t) { return t.is_cuda() ? *g->gpu : *g->host; }
bool needs_host_copy(ct_group g, const at::Tensor &t) { return t.is_cuda() && !g->gpu; }

at::Tensor flat(const std::vector<at::Tensor> &tensors) {
  std::vector<at::Tensor> parts;
  parts.reserve(tensors.size());
  for (auto &t : tensors) {
    TORCH_CHECK(t.scalar_type() == tensors[0].scalar_type() && t.device() == tensors[0].device(),
                "the tensors of one message have one type and device");
    parts.push_back(t.reshape({-1}));
  }
  return at::cat(parts);
}
void unflatten(const at::Tensor &from, const std::vector<at::Tensor> &tensors) {
  int64_t start = 0;
  for (auto &t : tensors) {
    t.copy_(from.narrow(0, start, t.numel()).view(t.sizes()));
    start += t.numel();
  }
}
} // namespace

namespace ct {
void sum_over_processes(ct_group g, at::Tensor &t) {
  together(g, [&] {
    std::vector<at::Tensor> message{needs_host_copy(g, t) ? t.cpu() : t};
    backend(g, message[0]).allreduce(message)->wait();
    if (needs_host_copy(g, t)) t.copy_(message[0]);
  });
}
int group_size(ct_group g) { return g->size; }
int group_rank(ct_group g) { return g->rank; }
} // namespace ct

extern "C" {
ct_err ct_group_new(ct_group_options o, ct_group *out) {
  return guard([&] {
    c10d::TCPStoreOptions settings;
    settings.port = static_cast<uint16_t>(o.port);
    settings.isServer = o.serves_store;
    settings.numWorkers = static_cast<size_t>(o.size);
    // Gloo waits for all processes anyway, and torchrun's store counts its own clients.
    settings.waitWorkers = false;
    settings.timeout = milliseconds(o.join_seconds);
    auto g = std::make_unique<ct_group_s>();
    auto tcp = c10::make_intrusive<c10d::TCPStore>(std::string(o.host), settings);
    g->store = c10::make_intrusive<c10d::PrefixStore>(std::string(o.prefix), std::move(tcp));
    g->rank = o.rank;
    g->size = o.size;
    g->timeout = milliseconds(o.operation_seconds);
    // One after the other, to distinguish a process that never joined from a slow one.
    g->store->set("came/" + std::to_string(o.rank), std::string("1"));
    for (int i = 0; i < o.size; i++) {
      try {
        g->store->wait({"came/" + std::to_string(i)}, milliseconds(o.join_seconds));
      } catch (const std::exception &) {
        TORCH_CHECK(false, "process ", i, " of ", o.size, " did not come within ", o.join_seconds,
                    " s");
      }
    }
    auto gloo = c10d::ProcessGroupGloo::Options::create();
    gloo->devices.push_back(gloo_device(o.host));
    gloo->timeout = g->timeout;
    g->host = c10::make_intrusive<c10d::ProcessGroupGloo>(
        c10::make_intrusive<c10d::PrefixStore>(std::string("gloo"), g->store), o.rank, o.size, gloo);
    *out = g.release();
  });
}
void ct_group_free(ct_group g) { delete g; }
void ct_group_leave(ct_group g) {
  ct_free(guard([&] {
    g->host.reset();
    g->gpu.reset();
  }));
}
bool ct_group_has_failed(ct_group g) { return g->failed; }

ct_err ct_group_load_nccl(ct_group g, const char *path) {
  g->gpu.reset();
  if (!path) return nullptr;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return strdup(dlerror());
  // See Plugins/nccl/nccl_group.cpp.
  using Make = char *(*)(const c10::intrusive_ptr<c10d::Store> *, int, int, int64_t,
                         c10::intrusive_ptr<c10d::Backend> *);
  auto make = reinterpret_cast<Make>(dlsym(library, "ganinsar_nccl_group"));
  if (!make) return strdup(dlerror());
  return guard([&] {
    c10::intrusive_ptr<c10d::Store> store =
        c10::make_intrusive<c10d::PrefixStore>(std::string("nccl"), g->store);
    if (char *message = make(&store, g->rank, g->size, g->timeout.count(), &g->gpu)) {
      std::string text(message);
      free(message);
      TORCH_CHECK(false, text);
    }
  });
}

ct_err ct_group_reduce(ct_group g, const ct_ctensor *ts, int32_t n, bool average) {
  return guard([&] {
    if (n == 0) return;
    at::NoGradGuard no_grad;
    auto tensors = list(ts, n);
    auto message = flat(tensors);
    sum_over_processes(g, message);
    if (average) message.div_(g->size);
    unflatten(message, tensors);
  });
}
ct_err ct_group_broadcast(ct_group g, const ct_ctensor *ts, int32_t n, int32_t root) {
  return guard([&] {
    at::NoGradGuard no_grad;
    c10d::BroadcastOptions options;
    options.rootRank = root;
    for (auto &t : list(ts, n)) {
      auto whole = t.contiguous();
      std::vector<at::Tensor> message{needs_host_copy(g, whole) ? whole.cpu() : whole};
      together(g, [&] { backend(g, message[0]).broadcast(message, options)->wait(); });
      if (!message[0].is_same(t)) t.copy_(message[0]);
    }
  });
}
ct_err ct_group_barrier(ct_group g) {
  return guard([&] { together(g, [&] { g->host->barrier()->wait(); }); });
}
ct_err ct_group_set(ct_group g, const char *key, const char *value) {
  return guard([&] { g->store->set(key, std::string(value)); });
}
ct_err ct_group_get(ct_group g, const char *key, char **value) {
  *value = nullptr;
  return guard([&] {
    if (!g->store->check({key})) return;
    auto bytes = g->store->get(key);
    *value = strndup(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  });
}
} // extern "C"
