import DurableFiles
import Foundation
import Kernel
import RunSupport
import TorchCore
import TorchNN

/// Everything that a network's training continues from, in one checksummed file: the states of named
/// objects, each tensor as `<object>.<tensor>`, and the rest in the metadata.
struct NetworkCheckpoint {
  let path: String
  let configuration: NetworkConfiguration
  let iteration: Int
  /// Of the training samples.
  let identity: String
  private let file: Safetensors

  private static let formatName = "ganinsar-network-checkpoint-1"

  private struct Progress: Codable {
    var iteration: Int
    var identity: String
    var configuration: NetworkConfiguration
    var randomStreams = RandomStream.edition
  }

  static func write(_ trainer: NetworkTrainer, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let progress = Progress(
      iteration: trainer.iteration, identity: trainer.samples.identity,
      configuration: trainer.configuration)
    let json = String(decoding: try encoder.encode(progress), as: UTF8.self)
    var tensors: [String: Tensor] = [:]
    for (object, stateful) in trainer.objects {
      for (name, tensor) in try stateful.state() { tensors["\(object).\(name)"] = tensor }
    }
    try Safetensors.write(tensors, metadata: ["format": formatName, "state": json], to: path)
  }

  /// - Throws: `PhaseNetworkError.checkpoint` for another kind of file, `TorchError.file`.
  init(path: String) throws {
    file = try Safetensors(path: path)
    guard file.metadata["format"] == Self.formatName, let json = file.metadata["state"] else {
      throw PhaseNetworkError.checkpoint(
        path: path, reason: "is not a checkpoint of a phase network")
    }
    try file.verifyChecksum()
    guard let progress = try? JSONDecoder().decode(Progress.self, from: Data(json.utf8)),
      progress.configuration.faults().isEmpty,
      (0...progress.configuration.iterations).contains(progress.iteration),
      progress.randomStreams == RandomStream.edition
    else {
      throw PhaseNetworkError.checkpoint(
        path: path, reason: "was written by another version of this program")
    }
    self.path = path
    configuration = progress.configuration
    iteration = progress.iteration
    identity = progress.identity
  }

  /// - Throws: `PhaseNetworkError.checkpoint` where a state does not fit.
  func load(_ objects: KeyValuePairs<String, any Stateful>) throws {
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
          throw PhaseNetworkError.checkpoint(
            path: path, reason: "does not fit the \(name): \(error)")
        }
      }
    }
  }
}

/// The checkpoints of a run: numbered files, of which the last two are kept.
struct NetworkCheckpoints {
  let path: String

  init(_ run: RunFolder) { path = run.file("checkpoints") }

  func files() throws -> [String] {
    guard FileSystem.exists(path) else { return [] }
    return try FileSystem.names(in: path).filter {
      $0.hasPrefix("checkpoint-") && $0.hasSuffix(".safetensors")
    }.sorted().map { "\(path)/\($0)" }
  }

  /// The newest whole one.
  /// - Throws: `PhaseNetworkError.checkpoint` with the fault of each file.
  func newest() throws -> NetworkCheckpoint {
    var problems: [String] = []
    for file in try files().reversed() {
      do { return try NetworkCheckpoint(path: file) } catch { problems.append("\(error)") }
    }
    throw PhaseNetworkError.checkpoint(
      path: path,
      reason: "there is no usable checkpoint"
        + (problems.isEmpty ? "" : ": " + problems.joined(separator: "; ")))
  }

  func write(_ trainer: NetworkTrainer) throws -> String {
    try AtomicFolder.makeFolders(path)
    let target = "\(path)/checkpoint-\(trainer.iteration.zeroPadded(8)).safetensors"
    try NetworkCheckpoint.write(trainer, to: target)
    for old in try files().dropLast(2) { FileSystem.remove(old) }
    return target
  }
}
