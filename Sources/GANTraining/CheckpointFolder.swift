import DurableFiles
import Kernel
import RunSupport
import TorchNN

/// The checkpoints of a run: numbered files, of which the last two are kept, and those of selected
/// epochs.
public struct CheckpointFolder: Sendable {
  public let path: String
  static let kept = 2

  public init(_ run: RunFolder) { path = run.file("checkpoints") }

  func file(iteration: Int) -> String {
    "\(path)/checkpoint-\(iteration.zeroPadded(8)).safetensors"
  }

  /// From the oldest to the newest; empty before the first.
  /// - Throws: `RunError.cannotRead`.
  public func files() throws -> [String] {
    guard FileSystem.exists(path) else { return [] }
    return try FileSystem.names(in: path).filter {
      $0.hasPrefix("checkpoint-") && $0.hasSuffix(".safetensors")
    }.sorted().map { "\(path)/\($0)" }
  }

  /// The newest valid checkpoint; if it is damaged, the previous one.
  /// - Throws: `TrainingError.noCheckpoint` with the fault of each file.
  public func newest() throws -> Checkpoint {
    var problems: [String] = []
    for file in try files().reversed() {
      do { return try Checkpoint(path: file) } catch { problems.append("\(error)") }
    }
    throw TrainingError.noCheckpoint(path: path, problems: problems)
  }

  /// Writes a checkpoint, then removes all except the last two and those that the settings keep.
  func write(_ objects: KeyValuePairs<String, any Stateful>, _ progress: Checkpoint.Progress) throws
    -> String
  {
    try AtomicFolder.makeFolders(path)
    let target = file(iteration: progress.iteration)
    try Checkpoint.write(objects, progress, to: target)
    let configuration = progress.configuration
    let keeps = configuration.output.keptCheckpointEpochs.map {
      file(iteration: configuration.iteration(completingEpoch: $0))
    }
    for old in try files().dropLast(Self.kept) where !keeps.contains(old) {
      FileSystem.remove(old)
    }
    return target
  }
}
