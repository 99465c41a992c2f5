import GANModel
import Kernel
import TestSupport
import Testing
import TorchCore

@testable import GANTraining

@Suite struct SamplingGeneratorTests {
  @Test func samplesAreThoseOfTheAverageAndLeaveTheTrainerAlone() throws {
    let folder = try TemporaryFolder()
    var configuration = smallConfiguration(iterations: 8)
    configuration.average.startShare = 0
    configuration.evaluation.samples = 5
    let trainer = try Trainer(configuration: configuration, dataset: try smallDataset(in: folder))
    for _ in 0..<2 { _ = try trainer.step() }
    func state() throws -> [String: [Float]] {
      try trainer.generator.state().merging(trainer.average.state()) { $1 }
        .mapValues { try $0.floats() }
    }
    let before = try state()
    let sampling = try SamplingGenerator(trainer)
    let maps = try sampling.mapsToEvaluate(trainer)
    #expect(maps.map { $0.map(\.count) } == Array(repeating: [64 * 64], count: 5))
    #expect(maps.joined().joined().allSatisfy(\.isFinite) && maps[0] != maps[1])
    #expect(try state() == before)
    // The same latents every time.
    #expect(try SamplingGenerator(trainer).mapsToEvaluate(trainer) == maps)
    for (name, tensor) in try sampling.generator.state() where name.hasSuffix("weight") {
      #expect(try tensor.floats() == trainer.average.average.state()[name]?.floats())
    }
  }

  @Test func batchesChangeNothingButRounding() throws {
    let folder = try TemporaryFolder()
    let trainer = try Trainer(
      configuration: smallConfiguration(iterations: 2), dataset: try smallDataset(in: folder))
    let sampling = try SamplingGenerator(trainer)
    var random = CounterRandom(3, .testInput)
    let latents = try Latents.draw(5, 8, &random)
    let whole = try sampling.sample(latents, device: .cpu, batchSize: 5).floats()
    let parts = try sampling.sample(latents, device: .cpu, batchSize: 2).floats()
    let scale = whole.map(abs).max() ?? 1
    #expect(zip(whole, parts).allSatisfy { abs($0 - $1) <= 1e-4 * scale })
  }
}
