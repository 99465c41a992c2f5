import TorchCore
import TorchNN

/// The U-Net discriminator of a field model's training: labels are compared with its features by
/// projection, so that it also asks whether a map is as its label says.
///
/// Source: Miyato and Koyama, "cGANs with Projection Discriminator", ICLR 2018. The same in PyTorch:
/// `ProjectionDiscriminator` in scripts/gpu/field_networks.py.
package final class FieldDiscriminator: Module {
  package let contents = ModuleContents()
  let network: UNetDiscriminator
  /// `nil` without labels.
  let imageProjection: Sequential?
  let pixelProjection: Sequential?

  private static let hiddenSize = 64
  /// Weights of the comparisons beside the logits without labels.
  private static let imageWeight = 0.1
  private static let pixelWeight = 0.5

  /// - Parameter labelCount: 0 for images without labels.
  package init(
    channels: Int, mapChannels: Int = 1, labelCount: Int, _ generator: RandomGenerator
  ) throws {
    network = try UNetDiscriminator(
      Architecture(sizePixels: FieldNormalization.patchSide, channels: channels),
      mapChannels: mapChannels, generator)
    func projection(_ features: Int) throws -> Sequential? {
      guard labelCount > 0 else { return nil }
      return Sequential([
        try Linear(inputFeatures: labelCount, outputFeatures: Self.hiddenSize, generator), ReLU(),
        try SpectralLinear(
          inputFeatures: Self.hiddenSize, outputFeatures: features, generator),
      ])
    }
    imageProjection = try projection(network.imageFeatures)
    pixelProjection = try projection(network.pixelFeatures)
  }

  /// Images [N, C, S, S] and normalized labels [N, labelCount], or `nil` without -> logits.
  package func callAsFunction(_ images: Tensor, labels: Tensor?) throws -> Logits {
    let features = try network.features(images)
    guard let labels, let imageProjection, let pixelProjection else {
      return try network.logits(features)
    }
    let byImage = try (imageProjection(labels) * features.image).sum([1], keepDims: true)
    let byPixel = try
      (pixelProjection(labels).reshape([images.shape[0], -1, 1, 1]) * features.pixels)
      .sum([1], keepDims: true)
    let logits = try network.logits(features)
    return Logits(
      image: try logits.image + byImage * Self.imageWeight,
      pixels: try logits.pixels.map { try $0 + byPixel * Self.pixelWeight })
  }

  /// Half the squared gradient of both kinds of logits with respect to real images, mean over the
  /// images; a scalar whose own gradient is known.
  ///
  /// Source: R1 of Mescheder, Geiger and Nowozin, "Which Training Methods for GANs do actually
  /// Converge?", ICML 2018.
  package func gradientPenalty(_ real: Tensor, labels: Tensor?) throws -> Tensor {
    let images = try real.detached().clone().requireGradient()
    let logits = try self(images, labels: labels)
    var total = try logits.image.sum()
    if let pixels = logits.pixels { total = try total + pixels.mean([1, 2, 3]).sum() }
    let gradient = try gradients(of: total, for: [images], createGraph: true)[0]
    guard let gradient else {
      throw TorchError.shape("gradient penalty", expected: "logits of the images", got: [])
    }
    return try gradient.square().sum([1, 2, 3]).mean() * 0.5
  }
}
