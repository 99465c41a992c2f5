import Kernel

/// Errors thrown by the Inception network and its weights; every message ends with the remedy.
public enum InceptionError: Error, CustomStringConvertible, Equatable {
  /// No weights were found at the places searched.
  case noWeights(lookedAt: [String])
  /// A weight file that cannot be read or does not contain the Inception trunk.
  case weights(path: String, reason: String)
  /// Features that are NaN or infinite.
  case notFinite(String)

  public var description: String {
    switch self {
    case .noWeights(let places):
      "no Inception weights at \(places.joined(separator: ", ")). \(Self.whereWeightsComeFrom)"
    case .weights(let path, let reason):
      "\("\(path): \(reason)".printable). \(Self.whereWeightsComeFrom)"
    case .notFinite(let what):
      "\(what) is not finite: the weights or the patches are damaged; check them."
    }
  }

  package static let whereWeightsComeFrom = """
    Give the file that pytorch-fid downloads (pt_inception-2015-12-05-6726825d.pth, whose SHA-256 begins \
    with 6726825d), or the same tensors as .safetensors, with \(OptionName.weights) or GANINSAR_INCEPTION. \
    After 'pip install pytorch-fid', python -c 'from pytorch_fid.inception import fid_inception_v3 as f; f()' \
    puts it where it is found. Measures that need no network are computed without it.
    """
}
