import DurableFiles
import Foundation
import GANModel
import RunSupport
import TestSupport
import Testing

@testable import GANTraining

@Suite(.serialized) struct TrainingEvaluationTests {
  private func configuration(iterations: Int) -> TrainingConfiguration {
    var configuration = smallConfiguration(iterations: iterations)
    configuration.evaluation.everyEpochs = 1
    configuration.evaluation.samples = 32
    configuration.evaluation.minimumEpochs = 0
    return configuration
  }

  /// A judge that gives the numbers of a list in turn.
  private func judge(_ values: [Double], _ seen: @escaping ([[Float]]) -> Void = { _ in })
    -> SampleEvaluator
  {
    var left = values[...]
    return { maps in
      seen(maps)
      return SampleMetrics(
        selectionMetric: "score", values: ["score": left.popFirst() ?? 99, "b": 1])
    }
  }

  @Test func theBestModelIsKeptWithItsNumbers() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    let run = try TrainingRun.start(
      configuration(iterations: 4), dataset: dataset, root: folder.file("runs"))
    var shapes: Set<[Int]> = []
    run.sampleEvaluator = judge([5, 2, 3, 4]) { shapes.insert([$0.count, $0[0].count]) }
    var best: [Int] = []
    try run.run { event in
      if case .evaluation(let evaluation, true) = event { best.append(evaluation.step) }
      return .continue
    }
    #expect(shapes == [[32, 64 * 64]])
    #expect(best == [1, 2])
    #expect(
      try ModelFile.read(run.folder.file("model-best.safetensors")).description.iterations == 2)
    #expect(try ModelFile.read(run.modelFile).description.iterations == 4)
    let record = try JSONDecoder().decode(
      TrainingEvaluation.self, from: InputFile.read(run.folder.file("best.json")))
    #expect(record.step == 2 && record.value == 2 && record.values == ["score": 2, "b": 1])
    let lines = try StatsLog.read(TrainingStatistics.self, from: run.folder.statsFile)
    #expect(lines.compactMap(\.evaluation?.value) == [5, 2, 3, 4])
  }

  @Test func aRunEndsWhenItsFiguresSettleButNotTooEarly() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    func steps(patience: Int, minimum: Int) throws -> (Int, Bool) {
      var settings = configuration(iterations: 9)
      settings.evaluation.patienceEvaluations = patience
      settings.evaluation.minimumEpochs = minimum
      let run = try TrainingRun.start(settings, dataset: dataset, root: folder.file("runs"))
      run.sampleEvaluator = judge([3, 4, 5, 6, 7, 8, 9, 10, 11])
      try run.run { _ in .continue }
      // What a settled run ends with is saved.
      #expect(try ModelFile.read(run.modelFile).description.iterations == run.trainer.iteration)
      #expect(try CheckpointFolder(run.folder).newest().iteration == run.trainer.iteration)
      return (run.trainer.iteration, run.hasSettled)
    }
    #expect(try steps(patience: 2, minimum: 0) == (3, true))
    #expect(try steps(patience: 2, minimum: 6) == (6, true))
    #expect(try steps(patience: 0, minimum: 0) == (9, false))
  }

  @Test func aResumedRunKnowsItsBestAndItsPatience() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var settings = configuration(iterations: 9)
    settings.evaluation.patienceEvaluations = 3
    let run = try TrainingRun.start(settings, dataset: dataset, root: folder.file("runs"))
    run.sampleEvaluator = judge([1, 2])
    try run.run { event in
      if case .statistics(let line) = event, line.step == 2 { return .stop }
      return .continue
    }
    #expect(run.trainer.iteration == 2)
    let rest = try TrainingRun.resume(run.folder.path, dataset: dataset)
    rest.sampleEvaluator = judge([3, 4, 5])
    try rest.run { _ in .continue }
    // One no better before the stop and two after it.
    #expect(rest.trainer.iteration == 4 && rest.hasSettled)
    #expect(
      try ModelFile.read(rest.folder.file("model-best.safetensors")).description.iterations == 1)
    // A settled run stays so; with more patience it continues.
    let again = try TrainingRun.resume(run.folder.path, dataset: dataset)
    try again.run { _ in .continue }
    #expect(again.trainer.iteration == 4 && again.hasSettled)
    let patient = try TrainingRun.resume(
      run.folder.path, dataset: dataset, sets: ["evaluation.patienceEvaluations=0"])
    try patient.run { _ in .continue }
    #expect(patient.trainer.isFinished)
  }

  @Test func judgingDoesNotChangeTheTraining() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    func model(_ judge: SampleEvaluator?) throws -> Data {
      let run = try TrainingRun.start(
        configuration(iterations: 4), dataset: dataset, root: folder.file("runs"))
      run.sampleEvaluator = judge
      try run.run { _ in .continue }
      return try InputFile.read(run.modelFile)
    }
    #expect(try model(judge([1, 2, 3, 4])) == model(nil))
  }

  @Test func aBranchGoesOnAsTheRunThatItLeft() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var settings = configuration(iterations: 8)
    settings.output.keptCheckpointEpochs = [3]
    settings.output.checkpointEveryEpochs = 2
    let whole = try TrainingRun.start(settings, dataset: dataset, root: folder.file("runs"))
    try whole.run { _ in .continue }
    let files = try CheckpointFolder(whole.folder).files()
    #expect(files.map { $0.suffix(14) } == ["03.safetensors", "06.safetensors", "08.safetensors"])

    let checkpoint = try Checkpoint(path: files[0])
    let branch = try TrainingRun.start(
      settings, dataset: dataset, root: folder.file("runs"), from: checkpoint)
    #expect(branch.trainer.iteration == 3)
    try branch.run { _ in .continue }
    #expect(try InputFile.read(branch.modelFile) == InputFile.read(whole.modelFile))
    // Another schedule from there on is another model.
    var changed = settings
    changed.data.filter.epochs.until = 4
    changed.data.filter.theta = 0.9
    changed.data.multiScale.epochs.until = 3
    let other = try TrainingRun.start(
      changed, dataset: dataset, root: folder.file("runs"), from: checkpoint)
    try other.run { _ in .continue }
    #expect(try InputFile.read(other.modelFile) != InputFile.read(whole.modelFile))

    changed.batchSize = 4
    #expect {
      try TrainingRun.start(
        changed, dataset: dataset, root: folder.file("runs"), from: checkpoint)
    } throws: { "\($0)".contains("batchSize") && "\($0)".contains(files[0]) }
  }

  @Test func anInterruptionWhileSamplesAreJudgedIsAStop() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    let run = try TrainingRun.start(
      configuration(iterations: 2), dataset: dataset, root: folder.file("runs"))
    // A Ctrl-C while samples are judged stops the run and saves it.
    run.sampleEvaluator = { _ in throw RunError.interrupted }
    try run.run { _ in .continue }
    #expect(run.trainer.iteration == 1)
    #expect(try CheckpointFolder(run.folder).newest().iteration == 1)
  }
}
