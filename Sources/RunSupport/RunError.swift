/// What can go wrong around a run; every message ends with what to do next.
public enum RunError: Error, CustomStringConvertible, Equatable {
  case cannotWrite(path: String, reason: String)
  case cannotRead(path: String, reason: String)

  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason). Check that the folder exists, is writable and has room."
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason). Check the path and its permissions."
    }
  }
}
