import DurableFiles
import Foundation
import GANModel
import RasterIO
import RunSupport
import Settings
import TestSupport
import Testing
import TorchCore

@testable import GANTraining

@Suite(.serialized) struct TrainingRunTests {
  /// All tensors of the newest checkpoint, as bytes.
  private func state(_ run: TrainingRun) throws -> [String: [UInt8]] {
    let file = try Safetensors(path: CheckpointFolder(run.folder).newest().path)
    var result: [String: [UInt8]] = [:]
    for name in file.names {
      result[name] = try file.tensor(name).floats().withUnsafeBytes { Array($0) }
    }
    return result
  }

  @Test(arguments: AttentionKind.allCases) func resumeIsExact(_ attention: AttentionKind) throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var configuration = smallConfiguration(iterations: 10)
    configuration.architecture.attention = attention
    let whole = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("a"))
    try whole.run { _ in .continue }

    let half = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("b"))
    try half.run { event in
      if case .iteration(5) = event { return .stop }
      return .continue
    }
    #expect(half.trainer.iteration == 5)
    let rest = try TrainingRun.resume(half.folder.path, dataset: dataset)
    #expect(rest.trainer.iteration == 5)
    try rest.run { _ in .continue }

    let expected = try state(whole)
    let got = try state(rest)
    #expect(expected.count > 300)
    #expect(got.keys.sorted() == expected.keys.sorted())
    for (name, bytes) in expected where got[name] != bytes {
      Issue.record("\(name) differs after stop and resume")
    }
    #expect(rest.trainer.loader.rejections == whole.trainer.loader.rejections)
    // The statistics read as if there had been no stop, but for the extra line at it.
    let steps = try StatsLog.read(TrainingStatistics.self, from: rest.folder.statsFile).map(\.step)
    #expect(steps == [2, 4, 5, 6, 8, 10])
  }

  @Test func seedDecidesEverything() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var configuration = smallConfiguration(iterations: 3)
    func final(_ root: String) throws -> [String: [UInt8]] {
      let run = try TrainingRun.start(configuration, dataset: dataset, root: folder.file(root))
      try run.run { _ in .continue }
      return try state(run)
    }
    let first = try final("a")
    #expect(try final("b") == first)
    configuration.seed = 1
    #expect(try final("c") != first)
  }

  @Test func runFolderHoldsEverything() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var configuration = smallConfiguration(iterations: 6)
    configuration.output.checkpointEveryEpochs = 2
    configuration.output.snapshotEveryEpochs = 3
    let run = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("runs"))
    var snapshots: [Int] = []
    try run.run { event in
      if case .snapshot(_, let iteration) = event { snapshots.append(iteration) }
      return .continue
    }
    #expect(snapshots == [3, 6])
    let names = Set(try FileManager.default.contentsOfDirectory(atPath: run.folder.path))
    for name in ["config.yaml", "log.txt", "stats.jsonl", "model.safetensors", "snapshots"] {
      #expect(names.contains(name))
    }
    #expect(names.contains { $0.hasPrefix("events.out.tfevents") })
    // Checkpoints at 2, 4 and 6: the last two stay.
    #expect(
      try CheckpointFolder(run.folder).files().map { ($0 as NSString).lastPathComponent }
        == ["checkpoint-00000004.safetensors", "checkpoint-00000006.safetensors"])
    let grid = try NpyArray.read(run.folder.file("snapshots/generated-00000006.npy"))
    #expect(grid.shape == [2, 64, 64])
    #expect(grid.values.allSatisfy { $0.isFinite })
    let model = try ModelFile.read(run.modelFile)
    #expect(model.description.iterations == 6)
    #expect(model.description.scenes == ["waves"])
    let resolved = try ConfigurationOverlay.resolve(
      defaults: TrainingConfiguration(), yamlFile: run.folder.configurationFile)
    #expect(resolved == configuration)
  }

  @Test func damagedNewestCheckpointFallsBackToTheOneBefore() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var configuration = smallConfiguration(iterations: 4)
    configuration.output.checkpointEveryEpochs = 2
    let run = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("runs"))
    try run.run { _ in .continue }
    let files = try CheckpointFolder(run.folder).files()
    let whole = try Data(contentsOf: URL(fileURLWithPath: files[1]))

    // Cut off, as by a full disk; then one byte flipped among the values.
    try whole.prefix(whole.count - 100).write(to: URL(fileURLWithPath: files[1]))
    #expect(try TrainingRun.resume(run.folder.path, dataset: dataset).trainer.iteration == 2)
    var flipped = whole
    flipped[whole.count - 1000] ^= 4
    try flipped.write(to: URL(fileURLWithPath: files[1]))
    #expect(try TrainingRun.resume(run.folder.path, dataset: dataset).trainer.iteration == 2)

    try Data("no".utf8).write(to: URL(fileURLWithPath: files[0]))
    #expect {
      try TrainingRun.resume(run.folder.path, dataset: dataset)
    } throws: { error in
      "\(error)".contains(files[0]) && "\(error)".contains(files[1])
        && "\(error)".contains("checksum")
    }
  }

  @Test func aLeftoverOfAKilledWriteIsPassedOver() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    let run = try TrainingRun.start(
      smallConfiguration(iterations: 2), dataset: dataset, root: folder.file("runs"))
    try run.run { _ in .continue }
    // What AtomicFile leaves when the process dies in the middle of writing.
    let leftover = CheckpointFolder(run.folder).file(iteration: 3) + ".part-1-2"
    try Data("half".utf8).write(to: URL(fileURLWithPath: leftover))
    #expect(try TrainingRun.resume(run.folder.path, dataset: dataset).trainer.iteration == 2)
  }

  @Test func resumingOnOtherScenesIsRefused() throws {
    let folder = try TemporaryFolder()
    let run = try TrainingRun.start(
      smallConfiguration(iterations: 1), dataset: try smallDataset(in: folder),
      root: folder.file("runs"))
    try run.run { _ in .continue }
    let other = try smallDataset(in: folder, name: "other")
    #expect {
      try TrainingRun.resume(run.folder.path, dataset: other)
    } throws: { "\($0)".contains("waves") && "\($0)".contains("other") }
  }

  @Test func resumeTakesOnlyHarmlessChanges() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    let run = try TrainingRun.start(
      smallConfiguration(iterations: 2), dataset: dataset, root: folder.file("runs"))
    try run.run { _ in .continue }
    let longer = try TrainingRun.resume(
      run.folder.path, dataset: dataset, sets: ["epochs=3", "output.gridRows=2"])
    #expect(longer.trainer.configuration.totalIterations == 3)
    try longer.run { _ in .continue }
    #expect(longer.trainer.iteration == 3)
    for set in ["batchSize=4", "epochs=1", "optimizer.beta1=0.5", "nonsense=1"] {
      #expect(throws: RunError.self) {
        try TrainingRun.resume(run.folder.path, dataset: dataset, sets: [set])
      }
    }
  }

  @Test func infiniteLossStopsAndNamesTheLastCheckpoint() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var configuration = smallConfiguration(iterations: 6)
    configuration.output.checkpointEveryEpochs = 2
    let run = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("runs"))
    #expect {
      try run.run { event in
        if case .checkpoint = event {
          for parameter in try run.trainer.generator.parameters() { try parameter.fill_(.nan) }
        }
        return .continue
      }
    } throws: { error in
      guard case .lossNotFinite(_, let checkpoint) = error as? TrainingError else { return false }
      return checkpoint == CheckpointFolder(run.folder).file(iteration: 2)
    }
    #expect(try CheckpointFolder(run.folder).files().count == 1)
  }

  /// Whatever the event at which the handler stops, the run is saved up to there.
  @Test(arguments: ["snapshot", "statistics", "iteration"]) func aStopSavesAtAnyEvent(
    at name: String
  )
    throws
  {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var configuration = smallConfiguration(iterations: 6)
    configuration.output.snapshotEveryEpochs = 2
    let run = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("runs"))
    try run.run { event in
      switch (event, name) {
      case (.snapshot, "snapshot"), (.statistics, "statistics"), (.iteration(2), "iteration"): .stop
      default: .continue
      }
    }
    #expect(run.trainer.iteration == 2)
    #expect(try CheckpointFolder(run.folder).newest().iteration == 2)
    #expect(try ModelFile.read(run.modelFile).description.iterations == 2)
  }
}
