import CTorch
import Kernel

/// The device of a tensor's memory.
public enum Device: Sendable, Equatable, CustomStringConvertible {
  case cpu
  case cuda(Int)

  var kind: Int32 {
    switch self {
    case .cpu: Int32(CT_CPU.rawValue)
    case .cuda: Int32(CT_CUDA.rawValue)
    }
  }
  var index: Int32 {
    switch self {
    case .cpu: 0
    case .cuda(let index): Int32(index)
    }
  }

  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    }
  }

  /// The device of this machine that `choice` names.
  ///
  /// - Throws: `TorchError.device` if there is no such GPU.
  public init(_ choice: DeviceChoice) throws {
    let index: Int
    switch choice {
    case .cpu:
      self = .cpu
      return
    case .auto:
      self = Runtime.loadCUDA() && Runtime.cudaDeviceCount > 0 ? .cuda(0) : .cpu
      return
    case .cuda(let number): index = number ?? 0
    }
    guard Runtime.loadCUDA() else {
      throw TorchError.device(
        "no CUDA device: \(Runtime.cudaLoadFailure ?? "no driver or no GPU"). "
          + "Run `scripts/setup.sh --cuda` on a machine with a GPU, or use \(OptionName.device("cpu"))."
      )
    }
    guard index < Runtime.cudaDeviceCount else {
      throw TorchError.device("there is no \(choice): \(Runtime.cudaDeviceCount) GPUs were found")
    }
    self = .cuda(index)
  }
}

func options(_ dtype: DType, _ device: Device) -> ct_options {
  ct_options(dtype: dtype.rawValue, device: device.kind, index: device.index)
}
