import TorchCore

/// A weight divided by its largest singular value, which a power iteration estimates: one step per
/// forward pass, whose result is stored in training mode.
///
/// Source: Miyato et al., "Spectral Normalization for GANs", ICLR 2018, with the epsilon of BigGAN.
package protocol SpectrallyNormalized: TrainingDependent {
  var weight: Parameter { get }
  var weightU: Buffer { get }
  var weightV: Buffer { get }
}

extension SpectrallyNormalized {
  func normalizedWeight() throws -> Tensor {
    try weight.tensor.spectralNormalized(
      u: weightU.tensor, v: weightV.tensor, storing: isTraining, epsilon: spectralNormEpsilon)
  }
}

let spectralNormEpsilon = 1e-6

/// First vectors of the power iteration: u random, v = W^T u, both of length 1.
private func powerIterationStart(_ weight: Tensor, _ generator: RandomGenerator) throws
  -> (u: Buffer, v: Buffer)
{
  try withoutGradients {
    let rows = weight.shape[0]
    let draw = try generator.normal([rows, 1])
    let u = try draw / draw.norm()
    let product = try weight.reshape([rows, -1]).transpose(0, 1).matmul(u)
    let v = try product / product.norm().clamp(spectralNormEpsilon, .infinity)
    return (Buffer(try u.reshape([-1])), Buffer(try v.reshape([-1])))
  }
}

/// A spectrally normalized linear layer: [..., inputFeatures] -> [..., outputFeatures].
package final class SpectralLinear: Layer, SpectrallyNormalized {
  package let weight: Parameter
  let bias: Parameter?
  package let weightU: Buffer
  package let weightV: Buffer
  package var isTraining = true

  package init(
    inputFeatures: Int, outputFeatures: Int, hasBias: Bool = true, _ generator: RandomGenerator
  ) throws {
    weight = try Parameter(
      Initialization.orthogonal([outputFeatures, inputFeatures], generator))
    bias =
      hasBias
      ? try Parameter(
        Initialization.defaultBias(outputFeatures, fanIn: inputFeatures, generator)) : nil
    (weightU, weightV) = try powerIterationStart(weight.tensor, generator)
  }

  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.linear(try normalizedWeight(), bias: bias?.tensor)
  }
}

/// A spectrally normalized convolution, which can include the resampling before or after it.
package final class SpectralConv2d: Layer, SpectrallyNormalized {
  package let weight: Parameter
  let bias: Parameter?
  package let weightU: Buffer
  package let weightV: Buffer
  let kernelSize: Int
  package var isTraining = true

  package init(
    inputChannels: Int, outputChannels: Int, kernelSize: Int, hasBias: Bool = true,
    _ generator: RandomGenerator
  ) throws {
    let shape = [outputChannels, inputChannels, kernelSize, kernelSize]
    weight = try Parameter(Initialization.orthogonal(shape, generator).channelsLast())
    bias =
      hasBias
      ? try Parameter(
        Initialization.defaultBias(
          outputChannels, fanIn: inputChannels * kernelSize * kernelSize, generator)) : nil
    (weightU, weightV) = try powerIterationStart(weight.tensor, generator)
    self.kernelSize = kernelSize
  }

  /// [N, in, H, W] -> [N, out, H, W], for a kernel of odd size.
  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.conv2d(
      try normalizedWeight(), bias: bias?.tensor, padding: (kernelSize / 2, kernelSize / 2))
  }

  /// The convolution without padding: [N, in, H, W] -> [N, out, H - k + 1, W - k + 1] for a kernel
  /// of size k.
  package func withoutPadding(_ input: Tensor) throws -> Tensor {
    try input.conv2d(try normalizedWeight(), bias: bias?.tensor, padding: (0, 0))
  }

  /// At every second pixel along each axis: [N, in, 2H, 2W] -> [N, out, H, W], for a kernel of size 4.
  package func halving(_ input: Tensor) throws -> Tensor {
    try input.conv2d(
      try normalizedWeight(), bias: bias?.tensor, stride: 2, padding: (1, 1))
  }

  /// The convolution of the image after nearest-neighbor upsampling by 2: [N, in, H, W] -> [N, out,
  /// 2H, 2W].
  package func onUpsampled(_ input: Tensor) throws -> Tensor {
    try ResampledConvolution.upsampleThenConvolve(
      input, try normalizedWeight(), bias: bias?.tensor)
  }

  /// The 2 x 2 means of the convolution: [N, in, 2H, 2W] -> [N, out, H, W].
  package func thenAveraged(_ input: Tensor) throws -> Tensor {
    try ResampledConvolution.convolveThenAverage(input, try normalizedWeight(), bias: bias?.tensor)
  }
}
