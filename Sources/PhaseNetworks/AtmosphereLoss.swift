import GANModel
import TorchCore

/// A batch of maps as networks see them: displacements divided by the scale, without their mean, 0 where
/// there are no data, [N, 1, S, S]; and 1 where there are data.
struct AtmospherePlanes {
  let values: Tensor
  let valid: Tensor
}

/// The losses of the cycle; pure functions of networks and batches.
///
/// Source: Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks",
/// ICCV 2017: equations 1 (adversarial, in `AdversarialLoss`, with the hinge in the place of its least
/// squares), 2 (cycle) and section 5.2 (identity). No pool of earlier fakes is kept.
struct AtmosphereLoss {
  let adversarial: AdversarialLoss
  let cycleWeight: Double
  let identityWeight: Double

  /// What both generators made of a batch of each set.
  struct Translated {
    /// Maps with atmosphere, corrected.
    let corrected: Tensor
    /// Clean maps with an atmosphere added.
    let disturbed: Tensor
    /// Mean absolute differences, with their divisors.
    let cycle: [PixelMean]
    let identity: [PixelMean]
  }

  static func translated(
    _ generators: AtmosphereGenerators, with x: AtmospherePlanes, without y: AtmospherePlanes
  ) throws -> Translated {
    // One pass for the translation and the identity of each generator.
    let valid = try Tensor.concatenate([x.valid, y.valid], 0)
    let cleaned = try generators.corrected(.concatenate([x.values, y.values], 0), valid: valid)
      .split(0, parts: 2)
    let clouded = try generators.disturbed(.concatenate([x.values, y.values], 0), valid: valid)
      .split(0, parts: 2)
    return Translated(
      corrected: cleaned[0], disturbed: clouded[1],
      cycle: [
        try distance(generators.disturbed(cleaned[0], valid: x.valid), x),
        try distance(generators.corrected(clouded[1], valid: y.valid), y),
      ],
      identity: [try distance(cleaned[1], y), try distance(clouded[0], x)])
  }

  /// The mean absolute difference where there are data.
  static func distance(_ values: Tensor, _ planes: AtmospherePlanes) throws -> PixelMean {
    PixelMean(
      total: try ((values - planes.values).abs() * planes.valid).sum(),
      count: try planes.valid.sum())
  }

  /// The generators' adversarial loss: what they make should be taken for a map of the other set.
  func generators(_ translated: Translated, _ discriminators: AtmosphereDiscriminators) throws
    -> Tensor
  {
    try adversarial.generator(fake: discriminators.without(translated.corrected))
      + adversarial.generator(fake: discriminators.with(translated.disturbed))
  }

  /// The sum of both discriminators' losses.
  func discriminators(
    _ discriminators: AtmosphereDiscriminators, with x: Tensor, without y: Tensor,
    corrected: Tensor, disturbed: Tensor
  ) throws -> Tensor {
    func loss(_ discriminator: any Discriminator, _ real: Tensor, _ fake: Tensor) throws -> Tensor {
      // One pass, so that every spectral norm does one step of its power iteration.
      let logits = try discriminator(.concatenate([real, fake], 0)).split(parts: 2)
      return try adversarial.discriminator(real: logits[0], fake: logits[1])
    }
    return try loss(discriminators.without, y, corrected) + loss(discriminators.with, x, disturbed)
  }

  func total(adversarial: Tensor, cycle: Tensor, identity: Tensor) throws -> Tensor {
    try adversarial + cycle * cycleWeight + identity * identityWeight
  }
}
