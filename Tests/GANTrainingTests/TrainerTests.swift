import Datasets
import GANModel
import Patches
import TestSupport
import Testing
import TorchCore
import TorchNN

@testable import GANTraining

@Suite struct TrainerTests {
  @Test func patchesAreScaledToTheSpreadAskedFor() throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    for compression in [0.0, 10] {
      var configuration = smallConfiguration(iterations: 1)
      configuration.rates.compression = compression
      configuration.data.offset.epochs = .never
      let trainer = try Trainer(configuration: configuration, dataset: dataset)
      let values = try (0..<100).flatMap { try trainer.loader.sampler.patch(at: $0).values }
      let encoded = try trainer.transform.encode(Tensor(values, shape: [values.count]))
      #expect(abs(try encoded.std().item() - 0.5) < 0.05)
    }
  }

  @Test func constantDataIsRefused() throws {
    let folder = try TemporaryFolder()
    let scene = RateScene(
      name: "flat",
      grid: RateGrid(width: 100, height: 100, values: .init(repeating: 9, count: 10_000)),
      isHeldOut: false)
    let sampler = try PatchSampler(scenes: [scene], patchSize: 64, seed: 0)
    #expect(throws: TrainingError.constantData) {
      try Trainer.measuredTransform(smallConfiguration(iterations: 1), sampler, [.rate])
    }
    _ = folder
  }

  @Test(arguments: AdversarialLoss.allCases, TrainingConfiguration.CutMixSchedule.Mode.allCases)
  func everyVariantTakesSteps(
    _ loss: AdversarialLoss, _ mode: TrainingConfiguration.CutMixSchedule.Mode
  ) throws {
    let folder = try TemporaryFolder()
    let dataset = try smallDataset(in: folder)
    var configuration = smallConfiguration(iterations: 3)
    configuration.loss = loss
    configuration.cutMix.mode = mode
    configuration.cutMix.probability = 1
    configuration.cutMix.warmUpEpochs = 0
    configuration.diffAugment = DiffAugment(translationShare: 0.125, cutoutShare: 0.5)
    configuration.data.offset.mode = .realsAndFakes
    configuration.average.decay = 0.5
    let trainer = try Trainer(configuration: configuration, dataset: dataset)
    let before = try trainer.generator.parameters().map { try $0.floats() }
    for _ in 0..<3 {
      let losses = try trainer.step()
      #expect(try losses.discriminator.item().isFinite)
      #expect(try losses.generator.item().isFinite)
    }
    let after = try trainer.generator.parameters().map { try $0.floats() }
    let average = try trainer.average.average.parameters().map { try $0.floats() }
    #expect(before != after)
    #expect(average != after)
    #expect(try trainer.discriminator.parameters().allSatisfy { $0.requiresGradient })
  }

  @Test(arguments: [AttentionKind.selfAttention, .transformer], [false, true])
  func attentionLearns(_ attention: AttentionKind, bfloat16: Bool) throws {
    let folder = try TemporaryFolder()
    var configuration = smallConfiguration(iterations: 3)
    configuration.architecture.attention = attention
    configuration.architecture.attentionSizesPixels = [16, 32]
    (configuration.cutMix.probability, configuration.cutMix.warmUpEpochs) = (1, 0)
    configuration.average.decay = 0.5
    configuration.execution.precision = bfloat16 ? .bfloat16 : .float32
    let trainer = try Trainer(configuration: configuration, dataset: try smallDataset(in: folder))
    func gammas(_ module: any Module) throws -> [Double] {
      try module.namedTensors().filter { $0.name.contains("gamma") }.map { try $0.tensor.item() }
    }
    #expect(try gammas(trainer.generator).allSatisfy { $0 == 0 })
    for _ in 0..<3 { #expect(try trainer.step().discriminator.item().isFinite) }
    let count = attention == .selfAttention ? 2 : 4
    for module: any Module in [trainer.generator, trainer.discriminator, trainer.average.average] {
      let learned = try gammas(module)
      #expect(learned.count == count && learned.allSatisfy { $0 != 0 })
    }
    #expect(try gammas(trainer.generator) != gammas(trainer.average.average))
  }

  @Test func encoderDiscriminatorTrainsWithoutCutMix() throws {
    let folder = try TemporaryFolder()
    var configuration = smallConfiguration(iterations: 2)
    configuration.architecture.discriminator = .encoder
    configuration.cutMix.probability = 1
    configuration.cutMix.warmUpEpochs = 0
    let trainer = try Trainer(configuration: configuration, dataset: try smallDataset(in: folder))
    #expect(try trainer.step().discriminator.item().isFinite)
  }

  @Test func averageIsTheGeneratorBeforeItsStart() throws {
    let folder = try TemporaryFolder()
    var configuration = smallConfiguration(iterations: 4)
    configuration.average.startShare = 0.5
    let trainer = try Trainer(configuration: configuration, dataset: try smallDataset(in: folder))
    func same() throws -> Bool {
      try trainer.average.average.parameters().map { try $0.floats() }
        == trainer.generator.parameters().map { try $0.floats() }
    }
    for _ in 0..<2 { _ = try trainer.step() }
    #expect(try same())
    _ = try trainer.step()
    #expect(try !same())
  }
}
