/// Events of a run; the handler's return value decides whether training continues.
public enum TrainingEvent {
  case started(iteration: Int, totalIterations: Int)
  /// The iteration with this number, counted from 1, is done.
  case iteration(Int)
  /// Samples were evaluated. Of several processes only the first gets this event.
  case evaluation(TrainingEvaluation, isBest: Bool)
  case statistics(TrainingStatistics)
  case checkpoint(path: String)
  case snapshot(path: String, iteration: Int)
}

public enum TrainingDecision: Sendable { case `continue`, stop }

/// One line of `stats.jsonl`.
public struct TrainingStatistics: Sendable, Codable, Equatable {
  public var step: Int
  public var epoch: Double
  public var patchesSeen: Int
  public var lossDiscriminator: Double
  public var lossGenerator: Double
  /// Means of the image logits.
  public var logitReal: Double
  public var logitFake: Double
  public var secondsPerIteration: Double
  public var cpuSecondsPerIteration: Double
  /// Number of batches that were not ready when requested, since the start of the process.
  public var dataWaits: Int
  /// The fraction of tried windows that passed the loader's rules.
  public var acceptedShare: Double
  public var peakMemoryBytes: Int
  public var peakDeviceMemoryBytes: Int
  /// Of the samples at this step, where they were evaluated.
  public var evaluation: TrainingEvaluation?
}
