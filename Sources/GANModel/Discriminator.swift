import TorchCore
import TorchNN

/// The output of a discriminator for a batch; positive logits mean real.
package struct Logits {
  /// One logit per image: [N, 1].
  package let image: Tensor
  /// One logit per pixel: [N, 1, H, W]; `nil` for a discriminator without a decoder.
  package let pixels: Tensor?

  package init(image: Tensor, pixels: Tensor?) {
    self.image = image
    self.pixels = pixels
  }

  /// The logits of equal parts of the batch.
  package func split(parts: Int) throws -> [Logits] {
    let images = try image.split(0, parts: parts)
    guard let pixels else { return images.map { Logits(image: $0, pixels: nil) } }
    return try zip(images, pixels.split(0, parts: parts)).map { Logits(image: $0, pixels: $1) }
  }
}

/// Images [N, C, S, S] -> logits; a channel for each quantity of a map.
package protocol Discriminator: Module {
  func callAsFunction(_ images: Tensor) throws -> Logits
}

/// Builds the discriminator of an architecture.
package func makeDiscriminator(
  _ architecture: Architecture, mapChannels: Int = 1, _ generator: RandomGenerator
) throws -> any Discriminator {
  switch architecture.discriminator {
  case .uNet: try UNetDiscriminator(architecture, mapChannels: mapChannels, generator)
  case .encoder: try EncoderDiscriminator(architecture, mapChannels: mapChannels, generator)
  }
}

/// A discriminator that classifies the whole image from its bottleneck and every pixel with a
/// decoder with skip connections. The decoder has no attention of its own: it gets the encoder's
/// features with attention through the skip connections.
///
/// Source: Schonfeld, Schiele and Khoreva, "A U-Net Based Discriminator for Generative Adversarial
/// Networks", CVPR 2020; the paper's Fig. 8.
package final class UNetDiscriminator: Discriminator {
  package let contents = ModuleContents()
  let encoder: [EncoderBlock]
  let linear: SpectralLinear
  let decoder: [DecoderBlock]
  let outputConv: Conv2d
  /// Numbers of features of an image and of a pixel.
  let imageFeatures: Int
  let pixelFeatures: Int

  package init(
    _ architecture: Architecture, mapChannels: Int = 1, _ generator: RandomGenerator
  ) throws {
    try architecture.validate()
    let layout = try BlockLayout(sizePixels: architecture.sizePixels)
    let ch = architecture.channels
    encoder = try encoderBlocks(layout, architecture, mapChannels, generator)
    imageFeatures = layout.encoder.last! * ch
    linear = try SpectralLinear(inputFeatures: imageFeatures, outputFeatures: 1, generator)
    var skips = layout.encoder
    var width = skips.removeLast()
    var blocks: [DecoderBlock] = []
    for (index, output) in layout.decoder.enumerated() {
      if index > 0 { width += skips.removeLast() }
      blocks.append(
        try DecoderBlock(inputChannels: width * ch, outputChannels: output * ch, generator))
      width = output
    }
    decoder = blocks
    pixelFeatures = width * ch
    outputConv = try Conv2d(
      inputChannels: width * ch, outputChannels: 1, kernelSize: 1, generator)
  }

  package func callAsFunction(_ images: Tensor) throws -> Logits { try logits(features(images)) }

  /// What the logits are computed from: [N, C] of each image, [N, C', S, S] of each pixel.
  struct Features {
    let image: Tensor
    let pixels: Tensor
  }

  func features(_ images: Tensor) throws -> Features {
    var skips = try encode(images, encoder)
    var h = skips.removeLast()
    let image = try h.summed()
    for (index, block) in decoder.enumerated() {
      if index > 0 { h = try .concatenate([h, skips.removeLast()], 1) }
      h = try block(h)
    }
    return Features(image: image, pixels: h)
  }

  func logits(_ features: Features) throws -> Logits {
    Logits(image: try linear(features.image), pixels: try outputConv(features.pixels))
  }
}

/// Only the encoder of the U-Net discriminator, as in BigGAN: one logit per image.
package final class EncoderDiscriminator: Discriminator {
  package let contents = ModuleContents()
  let encoder: [EncoderBlock]
  let linear: SpectralLinear

  package init(
    _ architecture: Architecture, mapChannels: Int = 1, _ generator: RandomGenerator
  ) throws {
    try architecture.validate()
    let layout = try BlockLayout(sizePixels: architecture.sizePixels)
    encoder = try encoderBlocks(layout, architecture, mapChannels, generator)
    linear = try SpectralLinear(
      inputFeatures: layout.encoder.last! * architecture.channels, outputFeatures: 1, generator)
  }

  package func callAsFunction(_ images: Tensor) throws -> Logits {
    let features = try encode(images, encoder)
    return Logits(image: try linear(features.last!.summed()), pixels: nil)
  }
}

private func encoderBlocks(
  _ layout: BlockLayout, _ architecture: Architecture, _ mapChannels: Int,
  _ generator: RandomGenerator
) throws -> [EncoderBlock] {
  let widths = layout.encoder.map { $0 * architecture.channels }
  return try zip([mapChannels] + widths.dropLast(), widths).enumerated().map { index, width in
    try EncoderBlock(
      inputChannels: width.0, outputChannels: width.1, isFirst: index == 0, generator,
      attention: architecture.makeAttention(
        channels: width.1, sizePixels: architecture.sizePixels >> (index + 1), generator))
  }
}

/// The output of every encoder block, from the largest to the 4 x 4 bottleneck.
private func encode(_ images: Tensor, _ blocks: [EncoderBlock]) throws -> [Tensor] {
  let side = 4 << blocks.count
  let channels = blocks.first?.inputChannels ?? 1
  guard Array(images.shape.dropFirst()) == [channels, side, side] else {
    throw TorchError.shape(
      "discriminator", expected: "images [N, \(channels), \(side), \(side)]", got: images.shape)
  }
  var features: [Tensor] = []
  var h = try images.channelsLast()
  for block in blocks {
    h = try block(h)
    features.append(h)
  }
  return features
}

extension Tensor {
  /// The features of an image from those of the bottleneck: [N, C, 4, 4] -> [N, C].
  fileprivate func summed() throws -> Tensor { try relu().sum([2, 3]) }
}

/// [N, in, 2S, 2S] -> [N, out, S, S], with attention at the end where the architecture has it. The
/// first block has no ReLU before its first convolution.
final class EncoderBlock: Module {
  let conv1: SpectralConv2d
  let conv2: SpectralConv2d
  let shortcut: SpectralConv2d
  let attention: (any Layer)?
  let isFirst: Bool
  let inputChannels: Int

  init(
    inputChannels: Int, outputChannels: Int, isFirst: Bool, _ generator: RandomGenerator,
    attention: @autoclosure () throws -> (any Layer)?
  ) throws {
    conv1 = try SpectralConv2d(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 3, generator)
    conv2 = try SpectralConv2d(
      inputChannels: outputChannels, outputChannels: outputChannels, kernelSize: 3, generator)
    shortcut = try SpectralConv2d(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 1, generator)
    self.attention = try attention()
    self.isFirst = isFirst
    self.inputChannels = inputChannels
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    let h = try conv1(isFirst ? input : input.relu())
    let result = try conv2.thenAveraged(h.relu()) + shortcut.thenAveraged(input)
    return try attention?(result) ?? result
  }
}

/// [N, in, S, S] -> [N, out, 2S, 2S].
final class DecoderBlock: Module {
  let conv1: SpectralConv2d
  let conv2: SpectralConv2d
  let shortcut: SpectralConv2d

  init(inputChannels: Int, outputChannels: Int, _ generator: RandomGenerator) throws {
    conv1 = try SpectralConv2d(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 3, generator)
    conv2 = try SpectralConv2d(
      inputChannels: outputChannels, outputChannels: outputChannels, kernelSize: 3, generator)
    shortcut = try SpectralConv2d(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 1, generator)
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    let h = try conv1.onUpsampled(input.relu())
    return try conv2(h.relu()) + shortcut.onUpsampled(input)
  }
}
