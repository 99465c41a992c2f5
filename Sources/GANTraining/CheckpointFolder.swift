import RunSupport
import TorchNN

/// The checkpoints of a run: numbered files, of which the last two are kept, and those of selected
/// epochs.
public struct CheckpointFolder: Sendable {
  private let numbered: CheckpointFiles

  public init(_ run: RunFolder) { numbered = CheckpointFiles(run) }

  public var path: String { numbered.path }

  func file(iteration: Int) -> String { numbered.file(iteration: iteration) }

  /// From the oldest to the newest; empty before the first.
  /// - Throws: `RunError.cannotRead`.
  public func files() throws -> [String] { try numbered.all() }

  /// The newest valid checkpoint; if it is damaged, the previous one.
  /// - Throws: `TrainingError.noCheckpoint` with the fault of each file.
  public func newest() throws -> Checkpoint {
    try numbered.newest {
      try Checkpoint(path: $0)
    } orThrow: {
      TrainingError.noCheckpoint(path: path, problems: $0)
    }
  }

  /// Writes a checkpoint, then removes all except the last two and those that the settings keep.
  func write(_ objects: KeyValuePairs<String, any Stateful>, _ progress: Checkpoint.Progress) throws
    -> String
  {
    let configuration = progress.configuration
    let keeps = configuration.output.keptCheckpointEpochs.map {
      file(iteration: configuration.iteration(completingEpoch: $0))
    }
    return try numbered.write(iteration: progress.iteration, keeping: keeps) {
      try Checkpoint.write(objects, progress, to: $0)
    }
  }
}
