import GANModel
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

/// The pair of networks that `losses64` and `iterations64` start from, with the step of each loss
/// composed as the trainer composes it.
struct LossFixture {
  let generator: Generator
  let discriminator: UNetDiscriminator
  let inputs: TensorFixture

  init() throws {
    inputs = try fixture("losses64")
    generator = try Generator(tiny(64), RandomGenerator(seed: 1, .testInput))
    discriminator = try UNetDiscriminator(tiny(64), RandomGenerator(seed: 1, .testInput))
    try generator.load(state("generator"))
    try discriminator.load(state("discriminator"))
  }

  /// The generator loss has values under the same prefix as the generator's state.
  func state(_ network: String) throws -> [String: Tensor] {
    try inputs.group(network).filter { !$0.key.hasPrefix("grad.") && $0.key != "value" }
  }

  func discriminatorLoss(
    _ kind: AdversarialLoss, real: Tensor, latents: Tensor, mask: Tensor?
  ) throws -> Tensor {
    let fake = try withoutGradients { try generator(latents) }
    guard let mask else {
      let parts = try discriminator(.concatenate([real, fake], 0)).split(parts: 2)
      return try kind.discriminator(real: parts[0], fake: parts[1])
    }
    let mixed = try CutMix.mix(real: real, fake: fake, mask: mask)
    let parts = try discriminator(.concatenate([real, fake, mixed], 0)).split(parts: 3)
    let consistency = try CutMix.consistency(
      mixed: #require(parts[2].pixels), real: #require(parts[0].pixels),
      fake: #require(parts[1].pixels), mask: mask)
    return try kind.discriminator(mixed: parts[2], mask: mask) + consistency
  }

  func generatorLoss(_ kind: AdversarialLoss, latents: Tensor) throws -> Tensor {
    try kind.generator(fake: discriminator(generator(latents)))
  }
}
