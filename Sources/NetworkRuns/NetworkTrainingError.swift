import Kernel

/// Errors thrown by the training of a network in its run folder.
public enum NetworkTrainingError: Error, CustomStringConvertible, Equatable {
  case lossNotFinite(iteration: Int, lastCheckpoint: String?)
  /// A checkpoint that a run cannot continue from.
  case checkpoint(path: String, reason: String)

  public var description: String {
    switch self {
    case .lossNotFinite(let iteration, let checkpoint):
      "the loss is not finite at iteration \(iteration). "
        + (checkpoint.map { "The last good checkpoint is \($0): start again " }
          ?? "No checkpoint was written yet: start again ")
        + "with lower learning rates (optimizer)."
    case .checkpoint(let path, let reason): "\(path): \(reason)".printable
    }
  }
}
