/// Errors thrown by tensor operations and tensor files.
public enum TorchError: Error, CustomStringConvertible, Equatable {
  /// LibTorch reported an error: shapes, types, or memory.
  case operation(String, message: String)
  /// A tensor does not have the shape that the operation needs.
  case shape(String, expected: String, got: [Int])
  /// The values were requested as a different type than they have.
  case elementType(expected: DType, got: DType)
  /// A tensor file cannot be read or written.
  case file(path: String, reason: String)
  /// The device does not exist.
  case device(String)

  public var description: String {
    switch self {
    case .operation(let name, let message):
      let line = message.split(separator: "\n").first.map(String.init) ?? message
      return isOutOfMemory(message)
        ? "\(name): out of memory. Lower the batch size or the channel width. (\(line))"
        : "\(name): \(line)"
    case .shape(let name, let expected, let got):
      return "\(name): expected \(expected), got shape \(got)"
    case .elementType(let expected, let got):
      return "the tensor holds \(got), not \(expected): convert it with `to(dtype:)` first"
    case .file(let path, let reason):
      return "\(path): \(reason)".printable
    case .device(let reason):
      return reason
    }
  }

  private func isOutOfMemory(_ message: String) -> Bool {
    message.contains("out of memory") || message.contains("can't allocate memory")
  }
}
