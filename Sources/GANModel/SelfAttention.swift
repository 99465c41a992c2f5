import TorchCore
import TorchNN

/// Self-attention over the pixels of a feature map: [N, C, S, S] -> the same shape.
///
/// Every pixel adds a weighted sum of `g` over the map, with weights softmax(theta . phi). Keys and
/// values are maxima of 2 x 2 pixels. The sum is scaled by `gamma`, which is learned and starts at
/// 0, so that training begins as without attention.
///
/// Source: Zhang et al., "Self-Attention Generative Adversarial Networks", ICML 2019, equations 1
/// to 3; widths, pooling and the missing biases as in BigGAN (Brock et al., ICLR 2019).
final class SelfAttention: Layer {
  let theta: SpectralConv2d
  let phi: SpectralConv2d
  let g: SpectralConv2d
  let output: SpectralConv2d
  let gamma: Parameter

  /// - Parameter channels: queries and keys have an eighth of them, values half.
  init(channels: Int, _ generator: RandomGenerator) throws {
    func projection(_ input: Int, _ output: Int) throws -> SpectralConv2d {
      try SpectralConv2d(
        inputChannels: input, outputChannels: output, kernelSize: 1, hasBias: false, generator)
    }
    let (narrow, wide) = (max(1, channels / 8), max(1, channels / 2))
    theta = try projection(channels, narrow)
    phi = try projection(channels, narrow)
    g = try projection(channels, wide)
    output = try projection(wide, channels)
    gamma = try Parameter(.zeros([]))
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    func heads(_ map: Tensor) throws -> Tensor { try map.pixelTokens().unsqueeze(1) }
    let mixed = try Tensor.attention(
      queries: heads(theta(input)), keys: heads(phi(input).maxPool(kernel: 2)),
      values: heads(g(input).maxPool(kernel: 2)), scale: 1)  // [N, 1, S S, C / 2]
    let map = try mixed.squeeze(1).pixelMap(sizePixels: input.shape[2])
    return try input + output(map) * gamma.tensor
  }
}

extension Tensor {
  /// One token per pixel, by rows: [N, C, H, W] -> [N, H W, C], without a copy if the map is
  /// channels-last.
  func pixelTokens() throws -> Tensor {
    try permute([0, 2, 3, 1]).reshape([shape[0], shape[2] * shape[3], shape[1]])
  }

  /// The map of the tokens: [N, S S, C] -> [N, C, S, S], channels-last.
  func pixelMap(sizePixels: Int) throws -> Tensor {
    try reshape([shape[0], sizePixels, sizePixels, shape[2]]).permute([0, 3, 1, 2])
  }
}
