import Kernel

/// Errors thrown by evaluations; every message says what to do next.
public enum EvaluationError: Error, CustomStringConvertible, Equatable {
  case arguments([String])
  /// No weights of the Inception network were found in the usual places.
  case noWeights(lookedAt: [String])
  /// A weights file cannot be read, or does not contain the Inception trunk.
  case weights(path: String, reason: String)
  /// The sets cannot be compared.
  case sets(String)
  /// An image, or a folder of images, cannot be used.
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
    releases of its repository), or the same tensors as .safetensors, with \(OptionName.weights) or \
    GANINSAR_INCEPTION; measures that need no network are computed without it.
    """
}
