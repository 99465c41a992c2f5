import TorchCore
import TorchNN

/// A generator for any part of an infinite map: latents are on a grid and convolutions have no
/// padding, so a pixel depends only on the latents around it.
///
/// - base: latents [N, 24, h, w] -> [N, C, 16 h - 62, 16 w - 62], by four blocks that double the
///   resolution, or more (`FieldGeometry`). With a style (one vector per map) and labels (the
///   requested statistics of the map).
/// - detail: latents and the context of a coarse map [N, 16 + 2, h, w] -> [N, 1, 4 h - 22, 4 w -
///   22]: a 3 x 3 convolution and two blocks.
///
/// Latents are 4 to 64 pixels apart. What differs from pixel to pixel comes from planes of white
/// noise, of which each channel gets a mixture in the last block (decision 0050); networks of
/// earlier files have none.
///
/// Sources: spatial latents, Bergmann et al., "Learning Texture Manifolds with the Periodic Spatial
/// GAN", ICML 2017; noise, Karras et al., "A Style-Based Generator Architecture for Generative
/// Adversarial Networks", CVPR 2019; blocks as in `Generator`. The same networks in PyTorch:
/// scripts/gpu/field_networks.py.
package final class FieldGenerator: Module {
  package let contents = ModuleContents()
  let embedding: Sequential?
  let first: SpectralConv2d
  let blocks: [GeneratorBlock]
  /// The mixtures of the noise planes, [channels, planes]; `nil` without noise.
  let noise: Parameter?
  let outputNorm: BatchNorm2d
  let outputConv: SpectralConv2d
  let styleSize: Int
  let labelCount: Int
  var noisePlanes: Int { noise?.tensor.shape[1] ?? 0 }

  /// The layer sizes of one network.
  struct Layout {
    let inputChannels: Int
    /// Channels after the first convolution, and after each block.
    let widths: [Int]
    let firstKernelSize: Int
    let styleSize: Int
    /// 0 for a network without labels.
    let labelCount: Int
    let outputChannels: Int
    /// `nil` or 0 for a network without noise.
    var noisePlanes: Int?

    static func base(
      channels: Int, labelCount: Int, outputChannels: Int, blocks: Int = FieldGeometry.usualBlocks,
      noisePlanes: Int? = nil
    ) -> Layout {
      Layout(
        inputChannels: FieldLatents.baseChannels,
        widths: (Array(repeating: 16, count: blocks - 2) + [8, 4, 2]).map { $0 * channels },
        firstKernelSize: 1, styleSize: 128, labelCount: labelCount, outputChannels: outputChannels,
        noisePlanes: noisePlanes)
    }

    static func detail(channels: Int, noisePlanes: Int? = nil) -> Layout {
      Layout(
        inputChannels: FieldRefinement.contextChannels + FieldLatents.detailChannels,
        widths: [8, 4, 2].map { $0 * channels }, firstKernelSize: 3, styleSize: 64, labelCount: 0,
        outputChannels: 1, noisePlanes: noisePlanes)
    }
  }

  static let embeddingSize = 32
  private static let initialNoise = 0.2

  init(_ layout: Layout, _ generator: RandomGenerator) throws {
    styleSize = layout.styleSize
    labelCount = layout.labelCount
    let latentSize = styleSize + (labelCount > 0 ? Self.embeddingSize : 0)
    embedding =
      labelCount == 0
      ? nil
      : Sequential([
        try Linear(inputFeatures: labelCount, outputFeatures: Self.embeddingSize, generator),
        ReLU(),
        try Linear(
          inputFeatures: Self.embeddingSize, outputFeatures: Self.embeddingSize, generator),
      ])
    first = try SpectralConv2d(
      inputChannels: layout.inputChannels, outputChannels: layout.widths[0],
      kernelSize: layout.firstKernelSize, generator)
    blocks = try zip(layout.widths, layout.widths.dropFirst()).map {
      try GeneratorBlock(
        inputChannels: $0, outputChannels: $1, latentSize: latentSize, generator)
    }
    let last = layout.widths[layout.widths.count - 1]
    let planes = layout.noisePlanes ?? 0
    noise =
      planes == 0 ? nil : try Parameter(generator.normal([last, planes]) * Self.initialNoise)
    outputNorm = try BatchNorm2d(channels: last)
    outputConv = try SpectralConv2d(
      inputChannels: last, outputChannels: layout.outputChannels, kernelSize: 3, generator)
  }

  /// - Parameters:
  ///   - grid: latents and further input of the first convolution: [N, channels, h, w].
  ///   - style: [N, styleSize].
  ///   - labels: [N, labelCount]; `nil` for a network without labels.
  ///   - noise: [N, noisePlanes, H + 4, W + 4] for an output of H x W pixels; `nil` for a network
  ///     without noise.
  func callAsFunction(
    _ grid: Tensor, style: Tensor, labels: Tensor? = nil, noise: Tensor? = nil
  ) throws -> Tensor {
    guard style.shape == [grid.shape[0], styleSize],
      labels.map({ $0.shape == [grid.shape[0], labelCount] }) ?? (labelCount == 0)
    else {
      throw TorchError.shape(
        "field generator",
        expected: "style [N, \(styleSize)] and labels [N, \(labelCount)] for \(grid.shape)",
        got: style.shape + (labels?.shape ?? []))
    }
    var latents = style
    if let embedding, let labels { latents = try .concatenate([style, embedding(labels)], 1) }
    var h = try first.withoutPadding(grid).channelsLast()
    for block in blocks.dropLast() { h = try block.withoutPadding(h, latents) }
    h = try blocks[blocks.count - 1].withoutPadding(h, latents, added: mixed(noise))
    return try outputConv.withoutPadding(outputNorm(h).relu())
  }

  private func mixed(_ planes: Tensor?) throws -> Tensor? {
    try Self.check(planes, count: noisePlanes)
    guard let planes, let noise else { return nil }
    return try planes.conv2d(noise.tensor.reshape([-1, noisePlanes, 1, 1]), bias: nil)
  }

  /// - Throws: `TorchError.shape` if there are other planes of noise than the network takes.
  static func check(_ noise: Tensor?, count: Int) throws {
    guard noise?.shape[1] ?? 0 == count else {
      throw TorchError.shape(
        "field generator", expected: "noise [N, \(count), H + 4, W + 4]", got: noise?.shape ?? [])
    }
  }
}

extension GeneratorBlock {
  /// The block without padding: [N, in, S, S] -> [N, out, 2 S - 4, 2 S - 4].
  /// - Parameter added: joins between the convolutions, [N, out, 2 S - 2, 2 S - 2].
  func withoutPadding(
    _ input: Tensor, _ latents: Tensor, added: Tensor? = nil
  ) throws -> Tensor {
    // Padding affects one pixel at the border, which is cropped.
    var h = try conv1.onUpsampled(norm1(input, latents).relu()).cropped(1)
    if let added { h = try h + added }
    return try conv2.withoutPadding(norm2(h, latents).relu())
      + shortcut.onUpsampled(input).cropped(2)
  }
}
