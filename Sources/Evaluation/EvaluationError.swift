import Kernel

/// Errors thrown by evaluations; every message ends with the remedy.
public enum EvaluationError: Error, CustomStringConvertible, Equatable {
  /// Faults of settings and names, one sentence each.
  case arguments([String])
  /// Sets that cannot be compared.
  case sets(String)
  /// Images need a network, and there is none.
  case noNetwork(reason: String)
  /// A file of features or an earlier record that cannot be used.
  case file(path: String, reason: String)

  public var description: String {
    switch self {
    case .arguments(let faults): faults.joined(separator: "\n")
    case .sets(let reason): reason
    case .noNetwork(let reason): reason
    case .file(let path, let reason): "\(path): \(reason)".printable
    }
  }
}
