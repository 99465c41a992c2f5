import Kernel

/// Errors thrown by phase networks.
public enum PhaseNetworkError: Error, CustomStringConvertible, Equatable {
  /// A file that is not a phase network.
  case notANetwork(path: String, reason: String)
  /// Samples lack what training or scoring needs.
  case samples(path: String, reason: String, remedy: String)
  /// An interferogram that cannot be processed.
  case interferogram(path: String, reason: String, remedy: String)
  /// A map of displacements, rates or unwrapped phase that cannot be corrected.
  case map(path: String, reason: String, remedy: String)
  case noNetwork(lookedAt: [String])

  public var description: String {
    switch self {
    case .notANetwork(let path, let reason): "\(path): \(reason)".printable
    case .samples(let path, let reason, let remedy),
      .interferogram(let path, let reason, let remedy), .map(let path, let reason, let remedy):
      "\(path): \(reason). \(remedy)".printable
    case .noNetwork(let places):
      "no phase network comes with this program (looked at \(places.joined(separator: ", "))). Name the "
        + "file of one."
    }
  }
}
