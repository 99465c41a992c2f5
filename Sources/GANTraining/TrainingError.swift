/// Errors that stop a training run.
public enum TrainingError: Error, CustomStringConvertible, Equatable {
  case lossNotFinite(iteration: Int, lastCheckpoint: String?)
  case constantData
  case noCheckpoint(path: String, problems: [String])
  case checkpoint(path: String, reason: String)

  public var description: String {
    switch self {
    case .lossNotFinite(let iteration, let checkpoint):
      "the loss is not finite at iteration \(iteration). "
        + (checkpoint.map { "The last good checkpoint is \($0): resume from it " }
          ?? "No checkpoint was written yet: start again ")
        + "with lower optimizer learning rates or a smaller cutMix.consistencyWeight."
    case .constantData:
      "all training patches have the same value everywhere: there is nothing to learn"
    case .noCheckpoint(let path, let problems):
      "\(path) has no usable checkpoint"
        + (problems.isEmpty ? "" : ": " + problems.joined(separator: "; "))
        + ". Start a new run."
    case .checkpoint(let path, let reason):
      "\(path): \(reason)"
    }
  }
}
