/// What can go wrong in an evaluation; every message ends with what to do next.
public enum EvaluationError: Error, CustomStringConvertible, Equatable {
  case arguments([String])
  /// No weights of the Inception network were found where they were looked for.
  case noWeights(lookedAt: [String])
  /// A file of weights that cannot be read, or does not hold the Inception trunk.
  case weights(path: String, reason: String)
  /// Sets that cannot be compared with each other.
  case sets(String)
  /// A picture, or a folder of pictures, that cannot be used.
  case pictures(path: String, reason: String)
  case notFinite(String)

  public var description: String {
    switch self {
    case .arguments(let faults): faults.joined(separator: "\n")
    case .noWeights(let places):
      "no Inception weights at \(places.joined(separator: ", ")). \(Self.whereWeightsComeFrom)"
    case .weights(let path, let reason):
      "\("\(path): \(reason)".printable). \(Self.whereWeightsComeFrom)"
    case .sets(let reason): reason
    case .pictures(let path, let reason): "\(path): \(reason)".printable
    case .notFinite(let what):
      "\(what) is not finite: the weights or the patches are damaged; check them."
    }
  }

  package static let whereWeightsComeFrom = """
    Give the file that pytorch-fid downloads (pt_inception-2015-12-05-6726825d.pth, from the \
    releases of its repository), or the same tensors as .safetensors, with --weights or \
    GANINSAR_INCEPTION; measures that need no network are computed without it.
    """
}
