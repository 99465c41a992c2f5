import CTorch
import Kernel

/// A random number generator whose state can be saved. No function uses LibTorch's default
/// generator.
package final class RandomGenerator {
  private let handle: ct_generator
  package let device: Device

  /// - Parameter stream: the purpose of the numbers; no other purpose has the same numbers.
  package init(seed: UInt64, _ stream: RandomStream, device: Device = .cpu) throws {
    var out: ct_generator?
    // LibTorch's CPU generator uses only 32 bits of its seed, so all 64 bits are mixed into them.
    var random = CounterRandom(seed, stream)
    try check(ct_generator_new(device.kind, device.index, random.next(), &out), "random generator")
    handle = out!
    self.device = device
  }
  deinit { ct_generator_free(handle) }

  /// The complete state of the generator.
  package func state() throws -> [UInt8] {
    try Tensor.make("generator state") { ct_generator_get_state(handle, $0) }.values()
  }

  /// - Throws: `TorchError` if `state` was not written by a generator of this device.
  package func restore(_ state: [UInt8]) throws {
    let bytes = try Tensor(state, shape: [state.count])
    try check(ct_generator_set_state(handle, bytes.handle), "restore generator state")
  }

  /// Numbers from N(0, 1).
  package func normal(_ shape: [Int], dtype: DType = .float32) throws -> Tensor {
    let dims = try Tensor.dimensions(shape)
    return try Tensor.make("normal") {
      ct_randn(dims, Int32(dims.count), options(dtype, device), handle, $0)
    }
  }
  /// Numbers from U[0, 1).
  package func uniform(_ shape: [Int], dtype: DType = .float32) throws -> Tensor {
    let dims = try Tensor.dimensions(shape)
    return try Tensor.make("uniform") {
      ct_rand(dims, Int32(dims.count), options(dtype, device), handle, $0)
    }
  }
  /// Integers in `range`, as int64.
  package func integers(in range: Range<Int>, _ shape: [Int]) throws -> Tensor {
    let dims = try Tensor.dimensions(shape)
    return try Tensor.make("integers") {
      ct_randint(
        Int64(range.lowerBound), Int64(range.upperBound), dims, Int32(dims.count),
        options(.int64, device), handle, $0)
    }
  }
  /// 0..<count in random order, as int64.
  package func permutation(_ count: Int) throws -> Tensor {
    try Tensor.make("permutation") {
      ct_randperm(Int64(count), options(.int64, device), handle, $0)
    }
  }
}
