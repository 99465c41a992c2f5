import TorchCore
import TorchNN

/// Two 3 x 3 convolutions, each with a ReLU.
final class ConvolutionPair: Layer {
  let first: Conv2d
  let second: Conv2d

  init(inputChannels: Int, outputChannels: Int, _ generator: RandomGenerator) throws {
    first = try Conv2d(
      inputChannels: inputChannels, outputChannels: outputChannels, kernelSize: 3,
      gain: 2.0.squareRoot(), generator)
    second = try Conv2d(
      inputChannels: outputChannels, outputChannels: outputChannels, kernelSize: 3,
      gain: 2.0.squareRoot(), generator)
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    try second(first(input).relu()).relu()
  }
}

/// A U-Net whose skips are added, with a head for the phase, for the edges, or for both.
///
/// [N, inputs, H, W] -> features [N, channels, H, W]; H and W are multiples of 2^(levels - 1). Adding the
/// skips in place of concatenating them halves the work at full resolution.
/// Source: Ronneberger, Fischer and Brox, "U-Net", MICCAI 2015; sums as in Chaurasia and Culurciello,
/// "LinkNet", VCIP 2017.
final class PhaseUNet: Module {
  let encoder: [ConvolutionPair]
  let lateral: [Conv2d]
  let decoder: [ConvolutionPair]
  /// Two channels of a phasor and the logarithm of its concentration.
  let phase: Conv2d?
  /// Logits of -1, 0 and 1 cycles to the right, then down.
  let edges: Conv2d?
  let contents = ModuleContents()

  static let phaseChannels = 3
  static let edgeChannels = 6

  init(
    _ architecture: PhaseArchitecture, inputChannels: Int, hasPhase: Bool, hasEdges: Bool,
    _ generator: RandomGenerator
  ) throws {
    let widths = architecture.widths
    encoder = try widths.indices.map { level in
      try ConvolutionPair(
        inputChannels: level == 0 ? inputChannels : widths[level - 1],
        outputChannels: widths[level], generator)
    }
    lateral = try (0..<widths.count - 1).map { level in
      try Conv2d(
        inputChannels: widths[level + 1], outputChannels: widths[level], kernelSize: 1, generator)
    }
    decoder = try (0..<widths.count - 1).map { level in
      try ConvolutionPair(inputChannels: widths[level], outputChannels: widths[level], generator)
    }
    func head(_ channels: Int) throws -> Conv2d {
      // Small, so that training starts from the input's phase and even odds.
      try Conv2d(
        inputChannels: widths[0], outputChannels: channels, kernelSize: 3, gain: 0.1, generator)
    }
    phase = hasPhase ? try head(Self.phaseChannels) : nil
    edges = hasEdges ? try head(Self.edgeChannels) : nil
  }

  func features(_ input: Tensor) throws -> Tensor {
    var value = input
    var skips: [Tensor] = []
    for (level, block) in encoder.enumerated() {
      value = try block(level == 0 ? value : value.averagePool(kernel: 2))
      skips.append(value)
    }
    for level in decoder.indices.reversed() {
      value = try decoder[level](skips[level] + lateral[level](value).upsampleNearest2x())
    }
    return value  // [N, channels, H, W]
  }
}
