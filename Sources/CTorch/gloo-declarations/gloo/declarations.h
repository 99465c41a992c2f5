// LibTorch's wheel does not contain gloo's headers, which ProcessGroupGloo.hpp includes. The shim
// never uses a gloo object: it only passes std::shared_ptr<Device> from one LibTorch function to
// another. So these declarations are enough to parse that header.
#pragma once
#include <chrono>
#include <string>
#include <vector>
namespace gloo {
class Context {
public:
  void setTimeout(std::chrono::milliseconds);
};
namespace transport {
class Device;
class UnboundBuffer {
public:
  virtual ~UnboundBuffer() = 0;
};
} // namespace transport
namespace rendezvous {
class Store {
public:
  virtual ~Store();
  virtual void set(const std::string &, const std::vector<char> &) = 0;
  virtual std::vector<char> get(const std::string &) = 0;
  virtual void wait(const std::vector<std::string> &) = 0;
  virtual void wait(const std::vector<std::string> &, const std::chrono::milliseconds &) = 0;
};
} // namespace rendezvous
} // namespace gloo
