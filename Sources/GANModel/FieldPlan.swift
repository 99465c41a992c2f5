import TorchCore
import TorchNN

/// A field generator for one style and one set of labels, with all that is the same for every tile
/// of a map done once: spectral norms, and the gains and shifts of the norms, most of which become
/// part of a convolution.
///
/// It computes what `FieldGenerator` computes with a batch of one, up to rounding.
struct FieldPlan {
  private struct Block {
    let norm: FoldedBatchNorm
    /// The mixtures of the noise planes with the gain of the second norm, [C, K, 1, 1]; of the last
    /// block only.
    let noise: Tensor?
    /// With the gain and the shift of the second norm.
    let first: FoldedConvolution
    let second: FoldedConvolution
    let shortcut: FoldedConvolution
  }

  private let first: FoldedConvolution
  private let blocks: [Block]
  let noisePlanes: Int
  private let output: FoldedConvolution
  private let dtype: DType

  /// - Parameters:
  ///   - style: [1, styleSize].
  ///   - labels: [1, labelCount]; `nil` for a network without labels.
  ///   - dtype: float32 or bfloat16.
  init(_ network: FieldGenerator, style: Tensor, labels: Tensor?, dtype: DType = .float32) throws {
    var latents = style
    if let embedding = network.embedding, let labels {
      latents = try .concatenate([style, embedding(labels)], 1)
    }
    let outputNorm = try FoldedBatchNorm(network.outputNorm)
    first = try FoldedConvolution(network.first, dtype: dtype)
    noisePlanes = network.noisePlanes
    blocks = try network.blocks.indices.map { number in
      let block = network.blocks[number]
      let inner = try FoldedBatchNorm(block.norm2, latents: latents)
      let isLast = number == network.blocks.count - 1
      // Nothing but the output norm sees the last block.
      let last = isLast ? outputNorm : nil
      let noise = try (isLast ? network.noise : nil).map {
        try ($0.tensor * inner.gain.reshape([-1, 1])).reshape([-1, network.noisePlanes, 1, 1])
          .to(dtype: dtype)
      }
      return Block(
        norm: try FoldedBatchNorm(block.norm1, latents: latents), noise: noise,
        first: try FoldedConvolution(
          block.conv1, gain: inner.gain, shift: inner.shift, isOnUpsampled: true, dtype: dtype),
        second: try FoldedConvolution(
          block.conv2, gain: last?.gain, shift: last?.shift, dtype: dtype),
        shortcut: try FoldedConvolution(block.shortcut, gain: last?.gain, dtype: dtype))
    }
    output = try FoldedConvolution(network.outputConv, dtype: dtype)
    self.dtype = dtype
  }

  /// - Parameter input: as for `FieldGenerator`, with a batch of one.
  /// - Returns: float32, whatever the type of the computation.
  /// - Throws: `TorchError.shape` if there are other planes of noise than the network takes.
  func callAsFunction(_ input: FieldInput) throws -> Tensor {
    try FieldGenerator.check(input.noise, count: noisePlanes)
    var h = try first(input.grid.to(dtype: dtype).channelsLast())
    for block in blocks {
      let inner = try block.first(block.norm.thenRelu(h))
      if let noise = block.noise, let planes = input.noise {
        try inner.add_(planes.to(dtype: dtype).channelsLast().conv2d(noise, bias: nil))
      }
      try inner.relu_()
      let result = try block.second(inner)
      try result.add_(block.shortcut(h).upsampleNearest2x().cropped(2))
      h = result
    }
    try h.relu_()
    return try output(h).to(dtype: .float32)
  }
}
