import Datasets
import DurableFiles
import Foundation
import GANModel
import Kernel
import Patches
import RunSupport
import TorchCore

/// The complete state of a run, in one safetensors file with a checksum: both networks, the moving
/// average, both optimizers, the iteration (which determines all random draws and the loader's
/// position), the rejection counts and the configuration.
public enum Checkpoint {
  private static let formatName = "ganinsar-checkpoint-1"

  private struct State: Codable {
    var iteration: Int
    var transform: RateTransform
    var rejections: RejectionReport
    var configuration: TrainingConfiguration
    var scenes: [String]
    /// `RandomStream.edition`; absent before the second.
    var randomStreams: Int?
  }

  static func write(
    _ trainer: Trainer, rejections: RejectionReport, scenes: [String], to path: String
  ) throws {
    let state = State(
      iteration: trainer.iteration, transform: trainer.transform,
      rejections: rejections, configuration: trainer.configuration, scenes: scenes,
      randomStreams: RandomStream.edition)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys  // the same state gives the same bytes
    let json = String(decoding: try encoder.encode(state), as: UTF8.self)
    var tensors: [String: Tensor] = [:]
    for (part, content) in try parts(of: trainer) {
      for (name, tensor) in content { tensors["\(part).\(name)"] = tensor }
    }
    try Safetensors.write(tensors, metadata: ["format": formatName, "state": json], to: path)
  }

  /// Restores the state of the checkpoint in a trainer of the same configuration.
  static func restore(_ trainer: Trainer, from checkpoint: Contents) throws {
    func state(_ part: String) throws -> [String: Tensor] { try checkpoint.part(part) }
    try withoutGradients {
      try trainer.generator.load(try state("generator"))
      try trainer.discriminator.load(try state("discriminator"))
      try trainer.average.average.load(try state("average"))
      try trainer.generatorOptimizer.load(try state("generator_optimizer"))
      try trainer.discriminatorOptimizer.load(try state("discriminator_optimizer"))
    }
    try trainer.resume(at: checkpoint.iteration, rejections: checkpoint.rejections)
  }

  static func parts(of trainer: Trainer) throws -> [(String, [String: Tensor])] {
    [
      ("generator", try trainer.generator.state()),
      ("discriminator", try trainer.discriminator.state()),
      ("average", try trainer.average.average.state()),
      ("generator_optimizer", trainer.generatorOptimizer.state()),
      ("discriminator_optimizer", trainer.discriminatorOptimizer.state()),
    ]
  }

  /// A checkpoint file that was read and verified.
  public struct Contents {
    public let path: String
    public let iteration: Int
    public let transform: RateTransform
    public let configuration: TrainingConfiguration
    public let scenes: [String]
    /// A note for the log if the checkpoint is from a version with different random numbers.
    public let randomStreamsNote: String?
    let rejections: RejectionReport
    private let file: Safetensors

    /// - Throws: `TorchError.file` if the file is missing, truncated or damaged,
    ///   `TrainingError.checkpoint` if it is another kind of file.
    public init(path: String) throws {
      file = try Safetensors(path: path)
      guard file.metadata["format"] == formatName, let json = file.metadata["state"] else {
        throw TrainingError.checkpoint(path: path, reason: "is not a checkpoint of this program")
      }
      try file.verifyChecksum()
      let state: State
      do {
        state = try JSONDecoder().decode(State.self, from: Data(json.utf8))
      } catch {
        throw TrainingError.checkpoint(
          path: path, reason: "was written by another version of this program")
      }
      guard state.configuration.faults().isEmpty,
        (0...state.configuration.totalIterations).contains(state.iteration)
      else {
        throw TrainingError.checkpoint(
          path: path, reason: "holds settings that this program does not take")
      }
      self.path = path
      iteration = state.iteration
      transform = state.transform
      configuration = state.configuration
      scenes = state.scenes
      rejections = state.rejections
      let edition = state.randomStreams ?? 1
      randomStreamsNote =
        edition == RandomStream.edition
        ? nil
        : "the checkpoint was written with edition \(edition) of the random streams, and this program "
          + "has edition \(RandomStream.edition): training continues with other patches than an "
          + "uninterrupted run would have drawn"
    }

    /// - Throws: `TrainingError.checkpoint` unless a run with these settings can start from this
    ///   checkpoint.
    func checkBranch(_ other: TrainingConfiguration, _ dataset: RateDataset) throws {
      var differing: [String] = []
      if configuration.architecture != other.architecture { differing.append("architecture") }
      if configuration.batchSize != other.batchSize { differing.append("batchSize") }
      if configuration.data.patchesPerEpoch != other.data.patchesPerEpoch {
        differing.append("data.patchesPerEpoch")
      }
      if configuration.seed != other.seed { differing.append("seed") }
      if scenes != dataset.trainingScenes.map(\.name) { differing.append("the dataset's scenes") }
      guard differing.isEmpty else {
        throw TrainingError.checkpoint(
          path: path,
          reason: "differs in \(differing.joined(separator: ", ")) from the run that would go on "
            + "from it: give the same, or start without \(OptionName.from)")
      }
    }

    /// The tensors of one part, such as `average`.
    public func part(_ name: String) throws -> [String: Tensor] {
      var result: [String: Tensor] = [:]
      for key in file.names where key.hasPrefix(name + ".") {
        result[String(key.dropFirst(name.count + 1))] = try file.tensor(key)
      }
      return result
    }
  }
}

/// The checkpoints of a run: numbered files, of which the last two are kept, and those of selected
/// epochs.
public struct CheckpointFolder: Sendable {
  public let path: String
  static let kept = 2

  public init(_ run: RunFolder) { path = run.file("checkpoints") }

  func file(iteration: Int) -> String {
    "\(path)/checkpoint-\(iteration.zeroPadded(8)).safetensors"
  }

  /// From the oldest to the newest.
  public func files() -> [String] {
    let names = (try? FileSystem.names(in: path)) ?? []
    return names.filter { $0.hasPrefix("checkpoint-") && $0.hasSuffix(".safetensors") }
      .sorted().map { "\(path)/\($0)" }
  }

  /// The newest valid checkpoint; if it is damaged, the previous one.
  /// - Throws: `TrainingError.noCheckpoint` with the fault of each file.
  public func newest() throws -> Checkpoint.Contents {
    var problems: [String] = []
    for file in files().reversed() {
      do { return try Checkpoint.Contents(path: file) } catch { problems.append("\(error)") }
    }
    throw TrainingError.noCheckpoint(path: path, problems: problems)
  }

  /// Writes a checkpoint, then removes all except the last two and those that the settings keep.
  func write(_ trainer: Trainer, rejections: RejectionReport, scenes: [String]) throws -> String {
    try AtomicFolder.makeFolders(path)
    let target = file(iteration: trainer.iteration)
    try Checkpoint.write(trainer, rejections: rejections, scenes: scenes, to: target)
    let configuration = trainer.configuration
    let keeps = configuration.output.keptCheckpointEpochs.map {
      file(iteration: configuration.iteration(completingEpoch: $0))
    }
    for old in files().dropLast(Self.kept) where !keeps.contains(old) {
      FileSystem.remove(old)
    }
    return target
  }
}
