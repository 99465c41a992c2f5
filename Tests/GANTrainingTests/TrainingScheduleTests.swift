import Testing

@testable import GANTraining

@Suite struct TrainingScheduleTests {
  /// 10 patches an epoch in batches of 4: epochs end within iterations 3, 5, 8.
  private let configuration: TrainingConfiguration = {
    var configuration = TrainingConfiguration()
    configuration.epochs = 3
    configuration.data.patchesPerEpoch = 10
    configuration.batchSize = 4
    configuration.output.statisticsEveryIterations = 3
    configuration.output.checkpointEveryEpochs = 2
    configuration.output.keptCheckpointEpochs = [1]
    configuration.output.snapshotEveryEpochs = 1
    configuration.evaluation.everyEpochs = 2
    return configuration
  }()

  @Test func whatIsDueAfterEachIteration() {
    let all = 1...8
    #expect(all.filter(configuration.reportsStatistics) == [3, 6])
    #expect(all.filter(configuration.drawsSnapshot) == [3, 5, 8])
    #expect(all.filter(configuration.savesCheckpoint) == [3, 5])
    // The last iteration is always evaluated.
    #expect(all.filter(configuration.evaluates) == [5, 8])
    var never = configuration
    never.evaluation.everyEpochs = 0
    #expect(all.filter(never.evaluates) == [])
  }
}
