import TestSupport
import Testing
import TorchCore

@testable import GANTraining

@Suite struct StatisticsMeterTests {
  private func losses(_ value: Double) throws -> StepLosses {
    StepLosses(
      discriminator: try .full([], value), generator: try .full([], value + 1),
      realLogit: try .full([], value + 2), fakeLogit: try .full([], value + 3))
  }

  @Test func meansAreOverTheIterationsSinceTheLastReport() throws {
    let folder = try TemporaryFolder()
    let trainer = try Trainer(
      configuration: smallConfiguration(iterations: 4), dataset: try smallDataset(in: folder))
    var meter = StatisticsMeter()
    #expect(meter.isEmpty)
    for value in [1.0, 3] { meter.add(try losses(value)) }
    let first = try meter.report(trainer, evaluation: nil, lastCheckpoint: nil)
    #expect(first.lossDiscriminator == 2 && first.lossGenerator == 3)
    #expect(first.logitReal == 4 && first.logitFake == 5)
    #expect(first.secondsPerIteration >= 0 && first.peakMemoryBytes > 0)
    #expect(meter.isEmpty)
    meter.add(try losses(7))
    #expect(
      try meter.report(trainer, evaluation: nil, lastCheckpoint: nil).lossDiscriminator == 7)
  }

  @Test func aLossThatIsNotFiniteNamesItsFirstIteration() throws {
    let folder = try TemporaryFolder()
    let trainer = try Trainer(
      configuration: smallConfiguration(iterations: 4), dataset: try smallDataset(in: folder))
    for _ in 0..<3 { _ = try trainer.step() }
    var meter = StatisticsMeter()
    for value in [1.0, .nan] { meter.add(try losses(value)) }
    #expect(throws: TrainingError.lossNotFinite(iteration: 2, lastCheckpoint: "c")) {
      try meter.report(trainer, evaluation: nil, lastCheckpoint: "c")
    }
  }
}
