import TorchCore

/// Losses as pure functions of logits. With pixel logits, image and pixels have weight 1/2 each.
public enum AdversarialLoss: String, Sendable, Codable, CaseIterable {
  /// Binary cross-entropy with logits, as in the public U-Net GAN code.
  case crossEntropy
  /// The hinge loss, as in the U-Net GAN paper.
  case hinge

  /// The discriminator's loss on a batch of real and one of generated images.
  package func discriminator(real: Logits, fake: Logits) throws -> Tensor {
    try perHead(real, fake) { try towardReal($0) + towardFake($1) }
  }

  /// The generator's loss: its images should be classified as real.
  package func generator(fake: Logits) throws -> Tensor {
    try perHead(fake, fake) { logits, _ in
      switch self {
      case .crossEntropy: try towardReal(logits)
      case .hinge: try -logits.mean()
      }
    }
  }

  /// The discriminator's loss on a CutMix batch: a mixed image counts as fake, and each of its
  /// pixels as the mask states.
  ///
  /// - Parameter mask: 1 where the pixel is real, [N, 1, H, W].
  /// Source: Schonfeld et al., CVPR 2020, section 3.2.
  package func discriminator(mixed: Logits, mask: Tensor) throws -> Tensor {
    let image = try towardFake(mixed.image)
    guard let pixels = mixed.pixels else { return image }
    switch self {
    case .crossEntropy:
      return try image + pixels.binaryCrossEntropyWithLogits(mask)
    case .hinge:
      let real = try (1 - pixels).relu() * mask
      let fake = try (1 + pixels).relu() * (1 - mask)
      return try image + (real + fake).mean()
    }
  }

  private func perHead(_ a: Logits, _ b: Logits, _ loss: (Tensor, Tensor) throws -> Tensor) throws
    -> Tensor
  {
    let image = try loss(a.image, b.image)
    guard let first = a.pixels, let second = b.pixels else { return image }
    return try (image + loss(first, second)) * 0.5
  }

  private func towardReal(_ logits: Tensor) throws -> Tensor {
    switch self {
    // softplus(-x) is the cross-entropy of a logit against 1.
    case .crossEntropy: try (-logits).softplus().mean()
    case .hinge: try (1 - logits).relu().mean()
    }
  }

  private func towardFake(_ logits: Tensor) throws -> Tensor {
    switch self {
    case .crossEntropy: try logits.softplus().mean()
    case .hinge: try (1 + logits).relu().mean()
    }
  }
}

private func + (s: Double, a: Tensor) throws -> Tensor { try a + s }
