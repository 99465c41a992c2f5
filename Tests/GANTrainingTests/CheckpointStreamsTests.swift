import Foundation
import Kernel
import RunSupport
import TestSupport
import Testing
import TorchCore

@testable import GANTraining

@Suite struct CheckpointStreamsTests {
  /// A checkpoint of a version that drew other random numbers is resumed, and the log says so.
  @Test func otherRandomStreamsAreTold() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    /// The run holds its folder as long as it lives.
    func stopped() throws -> RunFolder {
      let run = try TrainingRun.start(
        smallConfiguration(iterations: 2), dataset: dataset, root: folder.file("runs"))
      try run.run { event in
        if case .iteration(1) = event { return .stop }
        return .continue
      }
      return run.folder
    }
    let run = try stopped()
    let checkpoint = try CheckpointFolder(run).newest()
    #expect(checkpoint.randomStreamsNote == nil)

    let file = try Safetensors(path: checkpoint.path)
    let state = try #require(file.metadata["state"])
    let own = "\"randomStreams\":\(RandomStream.edition)"
    try #require(state.contains(own))
    // Earlier versions wrote no such key.
    let earlier = state.replacingOccurrences(of: own, with: "\"before\":0")
    var tensors: [String: Tensor] = [:]
    for name in file.names { tensors[name] = try file.tensor(name) }
    var metadata = file.metadata
    metadata["state"] = earlier
    try Safetensors.write(tensors, metadata: metadata, to: checkpoint.path)

    let note = try #require(try CheckpointFolder(run).newest().randomStreamsNote)
    #expect(note.contains("edition 1") && note.contains("other patches"))
    let rest = try TrainingRun.resume(run.path, dataset: dataset)
    try rest.run { _ in .continue }
    #expect(rest.trainer.isFinished)
    let log = try String(contentsOfFile: rest.folder.file("log.txt"), encoding: .utf8)
    #expect(log.contains(note))
  }
}
