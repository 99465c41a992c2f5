import TorchCore

/// A convolution of a trained network for drawing: its spectral norm is applied once, its neighbors'
/// gains and shifts are part of its weight and bias, and it runs in any floating-point type.
package struct FoldedConvolution {
  private let weight: Tensor
  private let bias: Tensor
  private let isOnUpsampled: Bool

  /// - Parameters:
  ///   - gain, shift: [out]; the output becomes `gain * output + shift`.
  ///   - isOnUpsampled: the 3 x 3 convolution of the image after nearest-neighbor upsampling by 2.
  package init(
    _ layer: SpectralConv2d, gain: Tensor? = nil, shift: Tensor? = nil,
    isOnUpsampled: Bool = false, dtype: DType = .float32
  ) throws {
    var weight = try layer.normalizedWeight()  // [out, in, k, k]
    var bias = try layer.bias?.tensor ?? .zeros([weight.shape[0]], device: weight.device)
    if let gain {
      weight = try weight * gain.reshape([-1, 1, 1, 1])
      bias = try bias * gain
    }
    if let shift { bias = try bias + shift }
    if isOnUpsampled { weight = try ResampledConvolution.transposedKernel(weight) }
    self.weight = try weight.to(dtype: dtype).channelsLast()
    self.bias = try bias.to(dtype: dtype)
    self.isOnUpsampled = isOnUpsampled
  }

  /// Without padding: [N, in, H, W] -> [N, out, H - k + 1, W - k + 1], or on the upsampled image
  /// [N, out, 2 H - 2, 2 W - 2].
  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    isOnUpsampled
      ? try input.convTranspose2d(weight, bias: bias, stride: 2, padding: 2)
      : try input.conv2d(weight, bias: bias)
  }
}

/// A batch norm of a trained network for drawing, with fixed latents, as one gain and shift a channel.
package struct FoldedBatchNorm {
  /// [C], float32.
  package let gain: Tensor
  package let shift: Tensor

  /// - Parameter latents: [1, latentSize].
  package init(_ layer: SelfModulatedBatchNorm2d, latents: Tensor) throws {
    try self.init(
      mean: layer.runningMean.tensor, variance: layer.runningVar.tensor,
      gain: (layer.gain(latents) + 1).reshape([-1]), shift: layer.shift(latents).reshape([-1]))
  }

  package init(_ layer: BatchNorm2d) throws {
    try self.init(
      mean: layer.runningMean.tensor, variance: layer.runningVar.tensor, gain: layer.weight.tensor,
      shift: layer.bias.tensor)
  }

  private init(mean: Tensor, variance: Tensor, gain: Tensor, shift: Tensor) throws {
    self.gain = try gain * (variance + batchNormEpsilon).rsqrt()
    self.shift = try shift - mean * self.gain
  }

  /// `input` with gain and shift, then ReLU: [1, C, H, W] -> the same shape.
  package func thenRelu(_ input: Tensor) throws -> Tensor {
    let shape = [1, -1, 1, 1]
    let result = try input * gain.reshape(shape).to(dtype: input.dtype)
    try result.add_(shift.reshape(shape).to(dtype: input.dtype))
    try result.relu_()
    return result
  }
}
