import Kernel

/// Errors thrown when sets of features are compared; every message ends with the remedy.
public enum FeatureMetricsError: Error, CustomStringConvertible, Equatable {
  /// A measure of sets with `count` samples, which needs `needed` or more.
  case tooFewSamples(measure: String, needed: Int, count: Int)
  /// k neighbors need more than k samples.
  case tooFewForNeighbors(neighbors: Int, count: Int)
  /// Features of two networks, or of two layers.
  case dimensionsDiffer(Int, Int)
  /// Features that are NaN, infinite, or so large that their squares are.
  case notFinite(String)

  public var description: String {
    switch self {
    case .tooFewSamples(let measure, let needed, let count):
      "\(measure) needs \(needed) samples per set, and one has \(count): give more."
    case .tooFewForNeighbors(let neighbors, let count):
      "k = \(neighbors) neighbors need sets of at least \(neighbors + 1) samples, and one has "
        + "\(count): give more samples or a smaller \(OptionName.neighbors)."
    case .dimensionsDiffer(let first, let second):
      "features of \(first) and of \(second) values cannot be compared: compute both sets' with the "
        + "same network."
    case .notFinite(let what):
      "\(what) is not finite: check the features for NaN and for values beyond 1e30."
    }
  }
}
