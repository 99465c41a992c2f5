import Kernel

/// Why several processes cannot train together.
public enum ProcessError: Error, CustomStringConvertible, Equatable {
  /// One of them is gone, so that the others cannot continue.
  case lost(reason: String, run: String?)
  /// They were started with different settings or files, or their weights differ.
  case differ(reason: String)

  public var description: String {
    switch self {
    case .lost(let reason, let run):
      "\(reason). All processes stop"
        + (run.map { "; continue from the last checkpoint with \(OptionName.resume("\($0)"))" }
          ?? "")
        + "."
    case .differ(let reason):
      "\(reason). Start all with the same command, program and files."
    }
  }
}
