import TorchCore
import TorchNN

/// Latents -> rate maps: BigGAN's residual blocks with self-modulated batch norm and, as in the
/// paper, no output activation, because rates are floating-point numbers of either sign.
///
/// Latents [N, latentSize] -> [N, mapChannels, size, size], in units of the model's rate scale; one channel
/// for each quantity of a map.
/// Source: Zhou et al., "GANInSAR", JSTARS 2024, section II-B3 and Fig. 7; Brock et al., ICLR 2019.
package final class Generator: Layer {
  package let contents = ModuleContents()
  let linear: SpectralLinear
  let blocks: [GeneratorBlock]
  let outputNorm: BatchNorm2d
  let outputConv: SpectralConv2d
  package let latentSize: Int
  let outputGain: Double

  /// - Throws: `ModelError.architecture` if a size is out of range.
  package init(
    _ architecture: Architecture, mapChannels: Int = 1, _ generator: RandomGenerator
  ) throws {
    try architecture.validate()
    let layout = try BlockLayout(sizePixels: architecture.sizePixels)
    let ch = architecture.channels
    latentSize = architecture.latentSize
    outputGain = architecture.outputGain
    linear = try SpectralLinear(
      inputFeatures: latentSize, outputFeatures: layout.generator[0].input * ch * 4 * 4, generator)
    blocks = try layout.generator.enumerated().map { index, width in
      try GeneratorBlock(
        inputChannels: width.input * ch, outputChannels: width.output * ch,
        latentSize: architecture.latentSize, generator,
        attention: architecture.makeAttention(
          channels: width.output * ch, sizePixels: 8 << index, generator))
    }
    let last = layout.generator.last!.output * ch
    outputNorm = try BatchNorm2d(channels: last)
    outputConv = try SpectralConv2d(
      inputChannels: last, outputChannels: mapChannels, kernelSize: 3, generator)
  }

  package func callAsFunction(_ latents: Tensor) throws -> Tensor {
    guard latents.shape.count == 2, latents.shape[1] == latentSize else {
      throw TorchError.shape(
        "generator", expected: "latents [N, \(latentSize)]", got: latents.shape)
    }
    let count = latents.shape[0]
    var h = try linear(latents).reshape([count, -1, 4, 4]).channelsLast()  // [N, 16ch, 4, 4]
    for block in blocks { h = try block(h, latents) }
    let image = try outputConv(outputNorm(h).relu())  // [N, C, S, S]
    return outputGain == 1 ? image : try image * outputGain
  }
}

/// [N, in, S, S] -> [N, out, 2S, 2S], with attention at the end where the architecture has it.
final class GeneratorBlock: Module {
  let norm1: SelfModulatedBatchNorm2d
  let conv1: SpectralConv2d
  let norm2: SelfModulatedBatchNorm2d
  let conv2: SpectralConv2d
  let shortcut: SpectralConv2d
  let attention: (any Layer)?

  init(
    inputChannels: Int, outputChannels: Int, latentSize: Int, _ generator: RandomGenerator,
    attention: @autoclosure () throws -> (any Layer)? = nil
  ) throws {
    norm1 = try SelfModulatedBatchNorm2d(
      channels: inputChannels, latentSize: latentSize, generator)
    conv1 = try SpectralConv2d(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 3, generator)
    norm2 = try SelfModulatedBatchNorm2d(
      channels: outputChannels, latentSize: latentSize, generator)
    conv2 = try SpectralConv2d(
      inputChannels: outputChannels, outputChannels: outputChannels, kernelSize: 3, generator)
    shortcut = try SpectralConv2d(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 1, generator)
    self.attention = try attention()
  }

  func callAsFunction(_ input: Tensor, _ latents: Tensor) throws -> Tensor {
    let h = try conv1.onUpsampled(norm1(input, latents).relu())
    let result = try conv2(norm2(h, latents).relu()) + shortcut.onUpsampled(input)
    return try attention?(result) ?? result
  }
}
