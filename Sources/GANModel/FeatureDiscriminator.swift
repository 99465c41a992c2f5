import Kernel
import Patches
import TorchCore
import TorchNN

/// A second discriminator of a field model's training, which judges maps by features that a fixed
/// network has learned from photographs, at four scales (decision 0049).
///
/// Fixed random convolutions mix the features over channels and scales, so that no part of them is
/// overlooked; each scale has a small head that learns. It does not see single pixels, which
/// `FieldDiscriminator` does. Sources: Sauer et al., "Projected GANs Converge Faster", NeurIPS 2021;
/// labels by projection, Miyato and Koyama, "cGANs with Projection Discriminator", ICLR 2018. The
/// same in PyTorch: `ProjectedDiscriminator` in scripts/gpu/field_features.py.
package final class FeatureDiscriminator: Module {
  package let contents = ModuleContents()
  private let trunk: FeatureTrunk
  let across: [FixedConvolution]
  let scales: [FixedConvolution]
  let heads: [FeatureHead]

  /// Channels of the mixed features.
  static let width = 64
  /// Side in pixels at which pictures are looked at.
  static let side = 128
  /// Mixed features have about this deviation.
  private static let featureScale = 4.0
  private static let loss = AdversarialLoss.hinge

  /// - Parameter labelCount: 0 for maps without labels.
  package init(_ trunk: FeatureTrunk, labelCount: Int, _ generator: RandomGenerator) throws {
    self.trunk = trunk
    across = try FeatureTrunk.widths.map {
      try FixedConvolution(inputChannels: $0, outputChannels: Self.width, kernelSize: 1, generator)
    }
    scales = try FeatureTrunk.widths.map { _ in
      try FixedConvolution(
        inputChannels: Self.width, outputChannels: Self.width, kernelSize: 3, generator)
    }
    heads = try FeatureTrunk.widths.indices.map {
      try FeatureHead(side: Self.side >> ($0 + 2), labelCount: labelCount, generator)
    }
  }

  /// Pictures [N, 3, S, S] and normalized labels [N, labelCount], or `nil` without -> for each scale
  /// logits [N, K], K at most 4.
  package func callAsFunction(_ pictures: Tensor, labels: Tensor?) throws -> [Tensor] {
    let features = try trunk(pictures.resizeBilinear(height: Self.side, width: Self.side))
    var mixed: [Tensor] = []
    for index in features.indices.reversed() {
      var x = try across[index](features[index])
      if let coarser = mixed.last {
        x = try x + coarser.resizeBilinear(height: x.shape[2], width: x.shape[3])
      }
      mixed.append(try scales[index](x))
    }
    return try zip(heads, mixed.reversed()).map { head, x in
      try head(x / Self.featureScale, labels: labels)
    }
  }

  /// The loss of the discriminator, and how far its logits of real and generated pictures are apart.
  package func loss(real: Tensor, fake: Tensor, labels: Tensor?) throws -> (
    loss: Tensor, gap: Tensor
  ) {
    let logits = try self(
      .concatenate([real, fake], 0), labels: labels.map { try .concatenate([$0, $0], 0) }
    ).map { try $0.split(0, parts: 2) }
    return (
      try Self.mean(logits) {
        try Self.loss.discriminator(
          real: Logits(image: $0[0], pixels: nil), fake: Logits(image: $0[1], pixels: nil))
      }, try Self.mean(logits) { try $0[0].mean() - $0[1].mean() }
    )
  }

  /// The loss of the generator that drew the pictures.
  package func generatorLoss(_ pictures: Tensor, labels: Tensor?) throws -> Tensor {
    try Self.mean(self(pictures, labels: labels)) {
      try Self.loss.generator(fake: Logits(image: $0, pixels: nil))
    }
  }

  private static func mean<Scale>(_ scales: [Scale], _ value: (Scale) throws -> Tensor) throws
    -> Tensor
  {
    try Tensor.stack(scales.map(value)).mean()
  }
}

// MARK: - What it sees

extension FeatureDiscriminator {
  /// The largest shift of a picture, and the side of a hole in it, over its own side.
  private static let (shift, hole) = (0.125, 0.4)
  private static let holeProbability = 0.5
  /// Values at which the channels of a picture are half saturated: of the normalized map, of rates in
  /// cm/yr, and of what `FieldDiscriminator` sees.
  private static let (normalKnee, rateKnee, seenKnee) = (2.0, 8.0, 8.0)
  private static let normalGain = 1.3

  /// Three views of maps, in -1.3 to 1.3: normalized by their own means and deviations; in cm/yr,
  /// slowly saturating; and as the other discriminator sees them, with their fine structure lifted.
  /// - Parameters:
  ///   - maps: cm/yr, [N, 1, S, S].
  ///   - seen: the same maps for `FieldDiscriminator`, [N, 1, S, S].
  /// - Returns: [N, 3, S, S].
  package static func pictures(_ maps: Tensor, seen: Tensor) throws -> Tensor {
    let (mean, deviation) = try FieldNormalization.moments(maps)
    func saturated(_ x: Tensor, _ knee: Double) throws -> Tensor { try x / (x.abs() + knee) }
    return try .concatenate(
      [
        saturated((maps - mean) / deviation, normalKnee) * normalGain, saturated(maps, rateKnee),
        saturated(seen, seenKnee),
      ], 1)
  }

  /// Pictures moved by up to an eighth of their side, mirrored at the border, half of them with a
  /// square hole: the heads then need fewer maps.
  ///
  /// Source: Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS 2020.
  /// - Parameter share: the part of the batch that these are; numbers are drawn for all of it.
  package static func augmented(
    _ pictures: Tensor, _ share: BatchShare, _ random: inout CounterRandom
  ) throws -> Tensor {
    let side = pictures.shape[3]
    let reach = Int((shift * Double(side)).rounded())
    // An odd side, so that a hole has a middle.
    let holeSide = Int((hole * Double(side)).rounded()) / 2 * 2 + 1
    var shifts: [DiffAugment.Shift] = []
    var holes: [CutMix.Box] = []
    for _ in 0..<share.total {
      shifts.append(
        .init(down: random.integer(in: -reach...reach), right: random.integer(in: -reach...reach)))
      holes.append(
        .init(
          row: random.integer(below: side), column: random.integer(below: side),
          side: random.uniform() < holeProbability ? holeSide : 0))
    }
    return try DiffAugment.cutOut(
      DiffAugment.translate(pictures, Array(shifts[share.range]), beyond: .reflect),
      Array(holes[share.range]))
  }
}

// MARK: - Its parts

/// A convolution of odd kernel size with random weights that are never learned, without bias.
final class FixedConvolution: Layer {
  let weight: Buffer

  init(
    inputChannels: Int, outputChannels: Int, kernelSize: Int, _ generator: RandomGenerator
  ) throws {
    let scale = (2 / Double(inputChannels * kernelSize * kernelSize)).squareRoot()
    weight = Buffer(
      try (generator.normal([outputChannels, inputChannels, kernelSize, kernelSize]) * scale)
        .channelsLast())
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    let padding = weight.tensor.shape[2] / 2
    return try input.conv2d(weight.tensor, bias: nil, padding: (padding, padding))
  }
}

/// Judges the mixed features of one scale: [N, 64, s, s] -> logits [N, K], K at most 4.
final class FeatureHead: Module {
  let halvings: [Stage]
  let mixing: Stage
  let last: SpectralConv2d
  /// `nil` without labels.
  let projection: Sequential?

  private static let leastSide = 4
  private static let hiddenSize = 64

  init(side: Int, labelCount: Int, _ generator: RandomGenerator) throws {
    let width = FeatureDiscriminator.width
    var (left, halvings): (Int, [Stage]) = (side, [])
    while left > Self.leastSide {
      halvings.append(try Stage(kernelSize: 4, generator))
      left /= 2
    }
    self.halvings = halvings
    mixing = try Stage(kernelSize: 1, generator)
    last = try SpectralConv2d(
      inputChannels: width, outputChannels: 1, kernelSize: min(left, 3), generator)
    projection =
      labelCount == 0
      ? nil
      : Sequential([
        try Linear(inputFeatures: labelCount, outputFeatures: Self.hiddenSize, generator), ReLU(),
        try SpectralLinear(
          inputFeatures: Self.hiddenSize, outputFeatures: width, hasBias: false, generator),
      ])
  }

  func callAsFunction(_ features: Tensor, labels: Tensor?) throws -> Tensor {
    let x = try mixing(halvings.reduce(features) { try $1($0) })
    let logits = try last.withoutPadding(x).reshape([x.shape[0], -1])
    guard let labels, let projection else { return logits }
    let compared = try (projection(labels) * x.mean([2, 3])).sum([1], keepDims: true)
    return try logits + compared / Double(FeatureDiscriminator.width).squareRoot()
  }

  /// A convolution, which halves the side if its kernel has 4 pixels, a norm and a leaky ReLU.
  final class Stage: Layer {
    let conv: SpectralConv2d
    let norm: GroupNorm
    private let isHalving: Bool

    private static let slope = 0.2

    init(kernelSize: Int, _ generator: RandomGenerator) throws {
      let width = FeatureDiscriminator.width
      conv = try SpectralConv2d(
        inputChannels: width, outputChannels: width, kernelSize: kernelSize, generator)
      isHalving = kernelSize == 4
      norm = try GroupNorm(groups: 8, channels: width)
    }

    func callAsFunction(_ input: Tensor) throws -> Tensor {
      let x = try isHalving ? conv.halving(input) : conv(input)
      return try norm(x).leakyRelu(Self.slope)
    }
  }
}
