import TorchCore

/// A stride-1 convolution of odd kernel size that keeps the image size:
/// [N, inputChannels, H, W] -> [N, outputChannels, H, W].
package final class Conv2d: Layer {
  let weight: Parameter
  let bias: Parameter
  let kernelSize: Int

  /// - Parameter gain: factor of the orthogonal initial weight; the square root of 2 keeps the variance
  ///   through a ReLU.
  package init(
    inputChannels: Int, outputChannels: Int, kernelSize: Int, gain: Double = 1,
    _ generator: RandomGenerator
  ) throws {
    let shape = [outputChannels, inputChannels, kernelSize, kernelSize]
    let initial = try Initialization.orthogonal(shape, generator)
    weight = try Parameter((gain == 1 ? initial : initial * gain).channelsLast())
    bias = try Parameter(
      Initialization.defaultBias(
        outputChannels, fanIn: inputChannels * kernelSize * kernelSize, generator))
    self.kernelSize = kernelSize
  }

  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.conv2d(
      weight.tensor, bias: bias.tensor, padding: (kernelSize / 2, kernelSize / 2))
  }

  /// Every second pixel along each axis: [N, inputChannels, H, W] -> [N, outputChannels, H/2, W/2].
  package func strided(_ input: Tensor) throws -> Tensor {
    try input.conv2d(
      weight.tensor, bias: bias.tensor, stride: 2, padding: (kernelSize / 2, kernelSize / 2))
  }
}
