import DurableFiles
import Foundation
import Kernel
import RunSupport
import TorchCore
import TorchNN

/// Everything that a network's training continues from, in one checksummed file: the states of named
/// objects, each tensor as `<object>.<tensor>`, and the rest in the metadata.
package struct NetworkCheckpoint<Settings: NetworkSettings> {
  package let path: String
  package let configuration: Settings
  package let iteration: Int
  /// Of the training samples.
  let identity: String
  private let file: Safetensors

  private struct Progress: Codable {
    var iteration: Int
    var identity: String
    var configuration: Settings
    var randomStreams = RandomStream.edition
  }

  static func write<Trainer: NetworkTraining>(_ trainer: Trainer, to path: String) throws
  where Trainer.Settings == Settings {
    let progress = Progress(
      iteration: trainer.iteration, identity: Trainer.identity(trainer.samples),
      configuration: trainer.configuration)
    try NamedStates.write(
      trainer.objects, progress: progress, format: Settings.checkpointFormat, to: path)
  }

  /// Whether the newest checkpoint of a run folder is one of this kind of training.
  package static func isNewest(of run: String) -> Bool {
    guard let folder = try? RunFolder.open(run), let file = try? CheckpointFiles(folder).all().last
    else { return false }
    return (try? Safetensors(path: file))?.metadata["format"] == Settings.checkpointFormat
  }

  /// - Throws: `NetworkTrainingError.checkpoint` for another kind of file, `TorchError.file`.
  init(path: String) throws {
    file = try Safetensors(path: path)
    guard file.metadata["format"] == Settings.checkpointFormat, let json = file.metadata["state"]
    else {
      throw NetworkTrainingError.checkpoint(
        path: path,
        reason: file.metadata["format"]?.contains("checkpoint") == true
          ? "is a checkpoint of another kind of training (\(file.metadata["format"]!)): give the "
            + "task and the options that it was started with"
          : "is not a checkpoint of a network's training")
    }
    try file.verifyChecksum()
    guard let progress = try? JSONDecoder().decode(Progress.self, from: Data(json.utf8)),
      progress.configuration.faults().isEmpty,
      (0...progress.configuration.iterations).contains(progress.iteration),
      progress.randomStreams == RandomStream.edition
    else {
      throw NetworkTrainingError.checkpoint(
        path: path, reason: "was written by another version of this program")
    }
    self.path = path
    configuration = progress.configuration
    iteration = progress.iteration
    identity = progress.identity
  }

  /// - Throws: `NetworkTrainingError.checkpoint` where a state does not fit.
  package func load(_ objects: KeyValuePairs<String, any Stateful>) throws {
    try withoutGradients {
      for (name, object) in objects {
        let prefix = name + "."
        let state = try file.tensors { $0.hasPrefix(prefix) }
        do {
          try object.load(
            Dictionary(
              uniqueKeysWithValues: state.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
            ))
        } catch let error as ModuleError {
          throw NetworkTrainingError.checkpoint(
            path: path, reason: "does not fit the \(name): \(error)")
        }
      }
    }
  }
}

/// The checkpoints of a run, of which the last two are kept.
struct NetworkCheckpoints<Trainer: NetworkTraining> {
  private let numbered: CheckpointFiles

  init(_ run: RunFolder) { numbered = CheckpointFiles(run) }

  func files() throws -> [String] { try numbered.all() }

  /// The newest whole one.
  /// - Throws: `NetworkTrainingError.checkpoint` with the fault of each file.
  func newest() throws -> NetworkCheckpoint<Trainer.Settings> {
    try numbered.newest {
      try NetworkCheckpoint<Trainer.Settings>(path: $0)
    } orThrow: { problems in
      NetworkTrainingError.checkpoint(
        path: numbered.path,
        reason: "there is no usable checkpoint"
          + (problems.isEmpty ? "" : ": " + problems.joined(separator: "; ")))
    }
  }

  func write(_ trainer: Trainer) throws -> String {
    try numbered.write(iteration: trainer.iteration) {
      try NetworkCheckpoint<Trainer.Settings>.write(trainer, to: $0)
    }
  }
}
