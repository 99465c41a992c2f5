import CTorch
import Synchronization

/// LibTorch's process-wide state: threads, the CUDA back end, memory use.
package enum Runtime {
  package static var libTorchVersion: String { String(cString: ct_version()) }

  /// Number of threads within one operation.
  package static var threads: Int {
    get { Int(ct_get_num_threads()) }
    set { ct_set_num_threads(Int32(newValue)) }
  }

  private enum CUDAState: Sendable {
    case notTried, loaded
    case missing(String)
  }
  private static let cuda = Mutex(CUDAState.notTried)

  /// Looks for LibTorch's CUDA library and a GPU, once per process.
  ///
  /// The same binary runs on machines with and without a GPU: the library is opened at run time,
  /// before CUDA is used, because LibTorch looks up its hooks only once.
  /// - Returns: whether a GPU can be used.
  @discardableResult package static func loadCUDA() -> Bool {
    cuda.withLock { state in
      if case .notTried = state {
        var available = false
        if let message = ct_cuda_load(nil, &available) {
          state = .missing(String(cString: message))
          ct_free(message)
        } else {
          state = available ? .loaded : .missing("LibTorch found no usable GPU")
        }
      }
      if case .loaded = state { return true }
      return false
    }
  }

  /// Why CUDA is not available, after `loadCUDA()` returned false.
  package static var cudaLoadFailure: String? {
    cuda.withLock { state in
      if case .missing(let reason) = state { return reason }
      return nil
    }
  }

  package static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }

  /// Waits until the device has finished all its work.
  package static func synchronize(_ device: Device) throws {
    try check(ct_synchronize(device.kind, device.index), "synchronize")
  }

  /// Current and peak memory of a GPU's allocator in bytes; zeros for the CPU.
  package static func memoryBytes(_ device: Device) throws -> (now: Int, peak: Int) {
    guard case .cuda(let index) = device else { return (0, 0) }
    var now: Int64 = 0
    var peak: Int64 = 0
    try check(ct_memory_stats(Int32(index), &now, &peak), "memory statistics")
    return (Int(now), Int(peak))
  }

  /// Lets cuDNN benchmark its algorithms, and allows TF32 in float32 products, on GPUs.
  package static func setCUDAOptions(benchmark: Bool, allowTF32: Bool) throws {
    try check(ct_set_cuda_options(benchmark, allowTF32), "set CUDA options")
  }

  /// Number of live tensor handles in the process; for leak tests.
  static var liveHandles: Int { Int(ct_live_handles()) }
}

/// Throws an error for a message of the shim, and frees the message.
func check(_ message: ct_err?, _ operation: String) throws {
  guard let message else { return }
  defer { ct_free(message) }
  throw TorchError.operation(operation, message: String(cString: message))
}
