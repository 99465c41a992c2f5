import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

@Suite struct FieldDiscriminatorTests {
  private let training: TensorFixture
  private let discriminator: FieldDiscriminator

  /// The twin keeps its layers under other names.
  private static func name(_ key: String) -> String {
    key.hasPrefix("image_projection") || key.hasPrefix("pixel_projection") ? key : "network." + key
  }

  init() throws {
    training = try fixture("field_training")
    discriminator = try FieldDiscriminator(
      channels: 1, labelCount: 5, RandomGenerator(seed: 1, .testInput))
    try discriminator.load(
      Dictionary(
        uniqueKeysWithValues: training.group("state").map { (Self.name($0.key), $0.value) }))
    try discriminator.setTraining(false)
  }

  private func logits() throws -> Logits {
    let labels = try training.tensor("labels")
    return try discriminator(
      .concatenate([training.tensor("images"), training.tensor("fake")], 0),
      labels: .concatenate([labels, labels], 0))
  }

  @Test func logitsAsInPyTorch() throws {
    let logits = try logits()
    try expectClose(logits.image, training.tensor("image"), rtol: modelRTol, atol: modelATol)
    try expectClose(
      #require(logits.pixels), training.tensor("pixels"), rtol: modelRTol, atol: modelATol)
  }

  @Test func theLossAndItsGradientAsInPyTorch() throws {
    let parts = try logits().split(parts: 2)
    let loss = try AdversarialLoss.crossEntropy.discriminator(real: parts[0], fake: parts[1])
    try expectGradients(of: loss, "loss")
  }

  @Test func thePenaltyAndItsGradientAsInPyTorch() throws {
    let penalty = try discriminator.gradientPenalty(
      training.tensor("images"), labels: training.tensor("labels"))
    #expect(try penalty.item() > 0)
    try expectGradients(of: penalty, "penalty")
  }

  private func expectGradients(of value: Tensor, _ name: String) throws {
    try expectClose(value, training.tensor(name), rtol: 1e-4, atol: 1e-6)
    try value.backward()
    let weights = try discriminator.state()
    for (key, expected) in try training.group(name) {
      let weight = try #require(weights[Self.name(key)])
      let gradient = try #require(try weight.gradient)
      let scale = try expected.abs().max().item()
      try expectClose(gradient, expected, rtol: 1e-3, atol: 1e-3 * scale)
    }
  }
}
