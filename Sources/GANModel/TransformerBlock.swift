import TorchCore
import TorchNN

/// A transformer block over the pixels of a feature map: [N, C, S, S] -> the same shape.
///
/// h = x + gamma1 projection(attention(norm1(x) + position)), output = h + gamma2 mlp(norm2(h)):
/// layer norms come first, attention has several heads over all pixels, positions are learned, and
/// the MLP is four times as wide with a GELU. Linear layers are spectrally normalized as all layers
/// here are. Both gammas are learned and start at 0, so that training begins as without the block.
///
/// Source: Vaswani et al., 2017, with the order of norms and the learned positions of Dosovitskiy
/// et al., "An Image is Worth 16x16 Words", ICLR 2021; gammas as in Bachlechner et al., "ReZero is
/// All You Need", UAI 2021.
final class TransformerBlock: Layer {
  let norm1: LayerNorm
  /// One vector per pixel, by rows: [S S, C].
  let position: Parameter
  /// Queries, keys and values of all heads: C -> 3 C.
  let inputs: SpectralLinear
  let projection: SpectralLinear
  let gamma1: Parameter
  let norm2: LayerNorm
  let hidden: SpectralLinear
  let output: SpectralLinear
  let gamma2: Parameter
  let heads: Int
  let sizePixels: Int

  init(channels: Int, sizePixels: Int, _ generator: RandomGenerator) throws {
    norm1 = try LayerNorm(features: channels)
    position = try Parameter(generator.normal([sizePixels * sizePixels, channels]) * 0.02)
    inputs = try SpectralLinear(
      inputFeatures: channels, outputFeatures: 3 * channels, generator)
    projection = try SpectralLinear(inputFeatures: channels, outputFeatures: channels, generator)
    gamma1 = try Parameter(.zeros([]))
    norm2 = try LayerNorm(features: channels)
    hidden = try SpectralLinear(
      inputFeatures: channels, outputFeatures: 4 * channels, generator)
    output = try SpectralLinear(
      inputFeatures: 4 * channels, outputFeatures: channels, generator)
    gamma2 = try Parameter(.zeros([]))
    heads = Self.heads(channels: channels)
    self.sizePixels = sizePixels
  }

  /// At most eight, each at least 16 wide.
  static func heads(channels: Int) -> Int {
    [8, 4, 2].first { channels % $0 == 0 && channels / $0 >= 16 } ?? 1
  }

  func callAsFunction(_ input: Tensor) throws -> Tensor {
    guard input.shape.count == 4, input.shape[2] == sizePixels, input.shape[3] == sizePixels else {
      throw TorchError.shape(
        "transformer block", expected: "[N, C, \(sizePixels), \(sizePixels)]", got: input.shape)
    }
    let tokens = try input.pixelTokens()  // [N, S S, C]
    let attended = try attention(norm1(tokens) + position.tensor)
    let h = try tokens + projection(attended) * gamma1.tensor
    let result = try h + output(hidden(norm2(h)).gelu()) * gamma2.tensor
    return try result.pixelMap(sizePixels: sizePixels)
  }

  private func attention(_ tokens: Tensor) throws -> Tensor {
    let (count, length, channels) = (tokens.shape[0], tokens.shape[1], tokens.shape[2])
    let width = channels / heads
    let parts = try inputs(tokens).reshape([count, length, 3, heads, width])
      .permute([2, 0, 3, 1, 4]).split(0, parts: 3).map { try $0.squeeze(0) }
    let mixed = try Tensor.attention(
      queries: parts[0], keys: parts[1], values: parts[2],
      scale: 1 / Double(width).squareRoot())  // [N, heads, S S, width]
    return try mixed.transpose(1, 2).reshape([count, length, channels])
  }
}
