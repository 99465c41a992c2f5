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

  /// Reads `cpu`, `cuda` or `cuda:1`; `auto` is the first GPU if there is one, else the CPU.
  ///
  /// - Throws: `TorchError.device` if the name is unknown or there is no such GPU.
  package static func named(_ name: String) throws -> Device {
    switch name {
    case "cpu": return .cpu
    case "auto": return Runtime.loadCUDA() && Runtime.cudaDeviceCount > 0 ? .cuda(0) : .cpu
    default: break
    }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    let index = parts.count == 2 ? Int(parts[1]) : 0
    guard parts.first == "cuda", parts.count <= 2, let index, index >= 0 else {
      throw TorchError.device("unknown device '\(name)': use cpu, cuda, cuda:N or auto")
    }
    guard Runtime.loadCUDA() else {
      throw TorchError.device(
        "no CUDA device: \(Runtime.cudaLoadFailure ?? "no driver or no GPU"). "
          + "Run `scripts/setup.sh --cuda` on a machine with a GPU, or use \(OptionName.device("cpu"))."
      )
    }
    guard index < Runtime.cudaDeviceCount else {
      throw TorchError.device("there is no \(name): \(Runtime.cudaDeviceCount) GPUs were found")
    }
    return .cuda(index)
  }
}

func options(_ dtype: DType, _ device: Device) -> ct_options {
  ct_options(dtype: dtype.rawValue, device: device.kind, index: device.index)
}
