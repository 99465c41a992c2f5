import GANModel
import TestSupport
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

@testable import PhaseNetworks

/// Against PyTorch: scripts/fixtures/make_atmosphere.py.
@Suite struct AtmosphereNetworkTests {
  private let fixture: TensorFixture

  init() throws { fixture = try TensorFixture(path: fixturePath("atmosphere.safetensors")) }

  static var configuration: AtmosphereConfiguration {
    var configuration = AtmosphereConfiguration()
    configuration.iterations = 1
    configuration.batchSize = 2
    (configuration.loss.cycleWeight, configuration.loss.identityWeight) = (10, 5)
    configuration.optimizer.generatorLearningRate = 1e-3
    configuration.optimizer.discriminatorLearningRate = 1e-3
    configuration.optimizer.warmUpIterations = 0
    configuration.optimizer.decayFraction = 0
    (configuration.architecture.channels, configuration.architecture.levels) = (2, 2)
    configuration.architecture.discriminatorChannels = 1
    configuration.execution.threads = 1
    return configuration
  }

  private func trainer() throws -> AtmosphereTrainer {
    let maps = try ["with", "without"].map { try fixture.tensor($0).floats() }
    let side = 64
    let samples = AtmosphereSamples(
      size: side, identity: "fixture", withCount: nil,
      with: { Array(maps[0][($0 % 2) * side * side..<($0 % 2 + 1) * side * side]) },
      withoutCount: nil,
      without: { Array(maps[1][($0 % 2) * side * side..<($0 % 2 + 1) * side * side]) })
    let trainer = try AtmosphereTrainer(Self.configuration, samples: samples)
    try trainer.generators.load(fixture.group("generators"))
    try #require(trainer.discriminators).load(fixture.group("discriminators"))
    return trainer
  }

  private func planes(_ name: String) throws -> AtmospherePlanes {
    try AtmosphereBatch.planes(
      ofCM: fixture.tensor(name).reshape([2, 1, 64, 64]), AtmosphereConfiguration().data.scaleCM)
  }

  @Test func mapsBecomeWhatNetworksSee() throws {
    let given = try planes("with")
    try expectClose(given.values, fixture.tensor("planes.with"), rtol: 1e-5, atol: 1e-5, "values")
    try expectClose(
      given.valid, fixture.tensor("planes.with_valid"), rtol: 0, atol: 0, "valid")
  }

  @Test func anIterationAgreesWithPyTorch() throws {
    let trainer = try trainer()
    let (x, y) = (try planes("with"), try planes("without"))
    let translated = try AtmosphereLoss.translated(trainer.generators, with: x, without: y)
    try expectClose(
      translated.corrected, fixture.tensor("corrected"), rtol: 1e-4, atol: 1e-5, "corrected")
    try expectClose(
      translated.disturbed, fixture.tensor("disturbed"), rtol: 1e-4, atol: 1e-5, "disturbed")

    let losses = try trainer.step(with: x, without: y)
    for (loss, name) in zip(losses, ["adversarial", "cycle", "identity", "discriminators"]) {
      try expectClose(loss, fixture.tensor("loss.\(name)"), rtol: 1e-4, atol: 1e-5, name)
    }
    let gradients = try fixture.group("grad")
    let after = try fixture.group("after.generators")
    for tensor in try trainer.generators.namedTensors() {
      try expectClose(
        tensor.tensor.gradient!, gradients[tensor.name]!, rtol: 2e-3, atol: 2e-5, tensor.name)
      try expectClose(
        tensor.tensor, after[tensor.name]!, rtol: 1e-4, atol: 5e-5, "after \(tensor.name)")
    }
    let discriminators = try trainer.discriminators!.state()
    for (name, expected) in try fixture.group("after.discriminators") {
      try expectClose(discriminators[name]!, expected, rtol: 1e-4, atol: 5e-5, "after \(name)")
    }
  }

  @Test func aPerfectInverseHasNoCycleLossAndNoChangeNoIdentityLoss() throws {
    let trainer = try trainer()
    let (x, y) = (try planes("with"), try planes("without"))
    // Without weights in the last layer, nothing is removed and nothing added.
    for generator in [trainer.generators.removed, trainer.generators.added!] {
      for tensor in try generator.delay.namedTensors() {
        try withoutGradients { try tensor.tensor.fill_(0) }
      }
    }
    let translated = try AtmosphereLoss.translated(trainer.generators, with: x, without: y)
    for mean in translated.cycle + translated.identity { #expect(try mean.value().item() == 0) }

    // A constant that one removes and the other adds again closes the cycle, and changes the identity.
    for generator in [trainer.generators.removed, trainer.generators.added!] {
      let bias = try generator.delay.namedTensors().first { $0.name == "bias" }!.tensor
      try withoutGradients { try bias.fill_(0.5) }
    }
    let shifted = try AtmosphereLoss.translated(trainer.generators, with: x, without: y)
    for mean in shifted.cycle { #expect(try mean.value().item() < 1e-6) }
    for mean in shifted.identity { #expect(abs(try mean.value().item() - 0.5) < 1e-6) }
  }

  @Test func pixelsWithoutDataTakeNoPart() throws {
    let trainer = try trainer()
    let x = try planes("with")
    let estimate = try trainer.generators.removed(x.values, valid: x.valid)
    let outside = try (estimate * (1 - x.valid)).abs().max().item()
    #expect(outside == 0)
    #expect(try estimate.abs().max().item() > 0)
  }
}
