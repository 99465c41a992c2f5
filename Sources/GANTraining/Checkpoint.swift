import Datasets
import DurableFiles
import Foundation
import GANModel
import Kernel
import Patches
import Rasters
import RunSupport
import TorchCore
import TorchNN

/// A checkpoint file that was read and found whole: everything that a run continues from.
///
/// One checksummed safetensors file holds the state of named objects (`Trainer.objects`: both networks,
/// the moving average, both optimizers), each tensor as `<object>.<tensor>`, and in its metadata what is
/// not a tensor (`Checkpoint.Progress`).
public struct Checkpoint {
  public let path: String
  public let iteration: Int
  public let configuration: TrainingConfiguration
  /// Names of the training scenes.
  public let scenes: [String]
  /// A warning where the checkpoint is from a program that drew other random numbers; else `nil`.
  public let randomStreamsNote: String?
  let transform: RateTransform
  let rejections: RejectionReport
  private let file: Safetensors

  private static let formatName = "ganinsar-checkpoint-1"

  /// What a checkpoint holds besides tensors. All random draws and the loader's position are functions of
  /// the seed and the iteration, so that the iteration stands for their states.
  struct Progress: Codable {
    var iteration: Int
    var transform: RateTransform
    var rejections: RejectionReport
    var configuration: TrainingConfiguration
    var scenes: [String]
    /// `RandomStream.edition`; absent before the second.
    var randomStreams: Int? = RandomStream.edition
  }

  /// Writes the objects' states; the file appears whole or not at all.
  static func write(
    _ objects: KeyValuePairs<String, any Stateful>, _ progress: Progress, to path: String
  ) throws {
    try NamedStates.write(objects, progress: progress, format: formatName, to: path)
  }

  /// Opens and checks a file; tensors are read by `load`.
  ///
  /// - Throws: `TorchError.file` when missing, cut off or damaged, `TrainingError.checkpoint` when it is
  ///   another kind of file.
  public init(path: String) throws {
    file = try Safetensors(path: path)
    guard file.metadata["format"] == Self.formatName, let json = file.metadata["state"] else {
      throw TrainingError.checkpoint(path: path, reason: "is not a checkpoint of this program")
    }
    try file.verifyChecksum()
    let progress: Progress
    do {
      progress = try JSONDecoder().decode(Progress.self, from: Data(json.utf8))
    } catch {
      throw TrainingError.checkpoint(
        path: path, reason: "was written by another version of this program")
    }
    guard progress.configuration.faults().isEmpty,
      (0...progress.configuration.totalIterations).contains(progress.iteration)
    else {
      throw TrainingError.checkpoint(
        path: path, reason: "holds settings that this program does not take")
    }
    self.path = path
    iteration = progress.iteration
    transform = progress.transform
    configuration = progress.configuration
    scenes = progress.scenes
    rejections = progress.rejections
    let edition = progress.randomStreams ?? 1
    randomStreamsNote =
      edition == RandomStream.edition
      ? nil
      : "the checkpoint was written with edition \(edition) of the random streams, and this program "
        + "has edition \(RandomStream.edition): training continues with other patches than an "
        + "uninterrupted run would have drawn"
  }

  /// Gives each object the state that it had when the checkpoint was written.
  ///
  /// - Throws: `TrainingError.checkpoint` naming the objects that the file lacks or that are unknown here,
  ///   or the object whose tensors do not fit.
  func load(_ objects: KeyValuePairs<String, any Stateful>) throws {
    var states: [String: [String: Tensor]] = [:]
    for key in file.names {
      let parts = key.split(separator: ".", maxSplits: 1)
      guard parts.count == 2 else {
        throw TrainingError.checkpoint(path: path, reason: "holds '\(key)', which names no object")
      }
      states[String(parts[0]), default: [:]][String(parts[1])] = try file.tensor(key)
    }
    let names = objects.map(\.key)
    for (found, wanted, verb) in [
      (names, Set(states.keys), "lacks"), (states.keys.sorted(), Set(names), "holds the unknown"),
    ] {
      let differing = found.filter { !wanted.contains($0) }
      guard differing.isEmpty else {
        throw TrainingError.checkpoint(
          path: path,
          reason:
            "\(verb) \(differing.joined(separator: ", ")): it was written by another version of "
            + "this program, or is not a checkpoint of a whole run")
      }
    }
    try withoutGradients {
      for (name, object) in objects {
        do {
          try object.load(states[name] ?? [:])
        } catch let error as ModuleError {
          throw TrainingError.checkpoint(path: path, reason: "does not fit the \(name): \(error)")
        }
      }
    }
  }

  /// - Throws: `TrainingError.checkpoint` for a dataset of other quantities.
  func check(_ dataset: RateDataset) throws {
    guard transform.quantities != dataset.quantities else { return }
    func words(_ quantities: [Quantity]) -> String {
      quantities.map(\.words).joined(separator: ", ")
    }
    throw TrainingError.checkpoint(
      path: path,
      reason: "was trained on \(words(transform.quantities)), but \(dataset.path) holds "
        + "\(words(dataset.quantities)): give the same dataset")
  }

  /// - Throws: `TrainingError.checkpoint` unless a run with these settings can continue from here.
  func checkBranch(_ other: TrainingConfiguration, _ dataset: RateDataset) throws {
    try check(dataset)
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
        reason: "differs from the new run in \(differing.joined(separator: ", ")): "
          + "use the same, or start without a checkpoint")
    }
  }
}
