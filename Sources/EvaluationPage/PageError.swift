import Kernel

/// Errors thrown by figures of an evaluation; every message ends with the remedy.
package enum PageError: Error, CustomStringConvertible, Equatable {
  case noSet(name: String, known: [String])
  /// The evaluation had no network, or the cache was deleted.
  case noFeatures(set: String, folder: String)
  case tooFewSamples

  package var description: String {
    switch self {
    case .noSet(let name, let known):
      "the evaluation has no set '\(name)': give one of \(known.joined(separator: ", ")).".printable
    case .noFeatures(let set, let folder):
      "the features of '\(set)' are not in \(folder): evaluate again, with weights.".printable
    case .tooFewSamples:
      "a map needs more than 10 samples of each set: evaluate again, with more."
    }
  }
}
