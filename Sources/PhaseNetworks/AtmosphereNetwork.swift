import GANModel
import Kernel
import TorchCore
import TorchNN

/// A network that estimates the atmospheric delay in a map of displacements, or one to add.
///
/// Input: [N, 1, H, W] displacements without their mean, and 1 or 0 for data, [N, 1, H, W]; output: the
/// estimate, [N, 1, H, W], 0 without data. A corrected map is the input minus the estimate, so that the
/// network starts from no correction.
final class AtmosphereGenerator: Module {
  let unet: PhaseUNet
  let delay: Conv2d
  let contents = ModuleContents()

  static let inputChannels = 2

  init(_ architecture: AtmosphereArchitecture, _ generator: RandomGenerator) throws {
    unet = try PhaseUNet(
      architecture.generator, inputChannels: Self.inputChannels, hasPhase: false, hasEdges: false,
      generator)
    delay = try Conv2d(
      inputChannels: architecture.channels, outputChannels: 1, kernelSize: 3, gain: 0.1, generator)
  }

  func callAsFunction(_ values: Tensor, valid: Tensor) throws -> Tensor {
    let input = try Tensor.concatenate([values, valid], 1).channelsLast()
    return try delay(unet.features(input)) * valid
  }
}

/// Both directions. A method without the way back leaves out `added`.
final class AtmosphereGenerators: Module {
  /// The delay that a map with atmosphere contains.
  let removed: AtmosphereGenerator
  /// A delay that a clean map could have.
  let added: AtmosphereGenerator?
  let contents = ModuleContents()

  init(_ architecture: AtmosphereArchitecture, isCycle: Bool, _ generator: RandomGenerator) throws {
    removed = try AtmosphereGenerator(architecture, generator)
    added = isCycle ? try AtmosphereGenerator(architecture, generator) : nil
  }

  /// With atmosphere -> without.
  func corrected(_ values: Tensor, valid: Tensor) throws -> Tensor {
    try values - removed(values, valid: valid)
  }

  /// Without atmosphere -> with.
  func disturbed(_ values: Tensor, valid: Tensor) throws -> Tensor {
    guard let added else { return values }
    return try values + added(values, valid: valid)
  }
}

/// The discriminators of both sets: those of the rate maps' GAN.
final class AtmosphereDiscriminators: Module {
  /// Positive logits for maps that are clean.
  let without: any Discriminator
  /// Positive logits for maps with measured or composed atmosphere.
  let with: any Discriminator
  let contents = ModuleContents()

  init(_ architecture: Architecture, _ generator: RandomGenerator) throws {
    without = try makeDiscriminator(architecture, generator)
    with = try makeDiscriminator(architecture, generator)
  }
}
