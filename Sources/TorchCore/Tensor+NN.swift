import CTorch

// Images are [N, C, H, W].
extension Tensor {
  /// `self @ weight.T + bias`; weight [out, in].
  package func linear(_ weight: Tensor, bias: Tensor?) throws -> Tensor {
    try Tensor.make("linear") { ct_linear(handle, weight.handle, bias?.handle, $0) }
  }
  /// Weight [out, in / groups, kH, kW]; each group of input channels gives its share of the output.
  package func conv2d(
    _ weight: Tensor, bias: Tensor?, stride: Int = 1, padding: (height: Int, width: Int) = (0, 0),
    groups: Int = 1
  ) throws -> Tensor {
    try Tensor.make("conv2d") {
      ct_conv2d(
        handle, weight.handle, bias?.handle, Int32(stride), Int32(padding.height),
        Int32(padding.width), Int32(groups), $0)
    }
  }
  /// Weight [in, out, kH, kW].
  package func convTranspose2d(_ weight: Tensor, bias: Tensor?, stride: Int, padding: Int) throws
    -> Tensor
  {
    try Tensor.make("convTranspose2d") {
      ct_conv_transpose2d(
        handle, weight.handle, bias?.handle, Int32(stride), Int32(padding), $0)
    }
  }
  /// Normalizes each channel. Training uses the statistics of the batch and updates the running
  /// ones.
  package func batchNorm(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool,
    momentum: Double, epsilon: Double
  ) throws -> Tensor {
    try Tensor.make("batchNorm") {
      ct_batch_norm(
        handle, weight?.handle, bias?.handle, runningMean?.handle, runningVariance?.handle,
        training, momentum, epsilon, $0)
    }
  }
  package func upsampleNearest2x() throws -> Tensor {
    try Tensor.make("upsampleNearest2x") { ct_upsample_nearest2x(handle, $0) }
  }
  /// Bilinear resize with PyTorch's `align_corners=False`.
  package func resizeBilinear(height: Int, width: Int, antialias: Bool = false) throws -> Tensor {
    try Tensor.make("resizeBilinear") {
      ct_resize_bilinear(handle, Int64(height), Int64(width), antialias, $0)
    }
  }
  /// Bicubic resize (a = -0.5), with a wider kernel when downsampling, as Pillow's `resize` of one
  /// float channel.
  package func resizeBicubicAntialiased(height: Int, width: Int) throws -> Tensor {
    try Tensor.make("resizeBicubicAntialiased") {
      ct_resize_bicubic_aa(handle, Int64(height), Int64(width), $0)
    }
  }
  package func averagePool(
    kernel: Int, stride: Int? = nil, padding: Int = 0, countIncludePad: Bool = true
  ) throws -> Tensor {
    try Tensor.make("averagePool") {
      ct_avg_pool2d(
        handle, Int32(kernel), Int32(stride ?? kernel), Int32(padding), countIncludePad, $0)
    }
  }
  package func maxPool(kernel: Int, stride: Int? = nil, padding: Int = 0) throws -> Tensor {
    try Tensor.make("maxPool") {
      ct_max_pool2d(handle, Int32(kernel), Int32(stride ?? kernel), Int32(padding), $0)
    }
  }
  package func relu() throws -> Tensor { try Tensor.make("relu") { ct_relu(handle, $0) } }
  // In place, outside autograd.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  package func relu_() throws { try check(ct_relu_(handle), "relu in place") }
  package func leakyRelu(_ slope: Double) throws -> Tensor {
    try Tensor.make("leakyRelu") { ct_leaky_relu(handle, slope, $0) }
  }
  package func tanh() throws -> Tensor { try Tensor.make("tanh") { ct_tanh(handle, $0) } }
  package func sigmoid() throws -> Tensor { try Tensor.make("sigmoid") { ct_sigmoid(handle, $0) } }
  package func softplus() throws -> Tensor {
    try Tensor.make("softplus") { ct_softplus(handle, $0) }
  }
  /// `self * Phi(self)` with the normal distribution function Phi, not an approximation of it.
  package func gelu() throws -> Tensor { try Tensor.make("gelu") { ct_gelu(handle, $0) } }
  /// Normalizes over the last dimension.
  package func layerNorm(weight: Tensor?, bias: Tensor?, epsilon: Double) throws -> Tensor {
    try Tensor.make("layerNorm") {
      ct_layer_norm(handle, weight?.handle, bias?.handle, epsilon, $0)
    }
  }
  /// Normalizes equal groups of channels, each by its own mean and deviation.
  package func groupNorm(groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double) throws
    -> Tensor
  {
    try Tensor.make("groupNorm") {
      ct_group_norm(handle, Int64(groups), weight?.handle, bias?.handle, epsilon, $0)
    }
  }
  /// `softmax(queries @ keys.T * scale) @ values`: [N, heads, L, E], [N, heads, M, E],
  /// [N, heads, M, V] -> [N, heads, L, V].
  package static func attention(queries: Tensor, keys: Tensor, values: Tensor, scale: Double) throws
    -> Tensor
  {
    try make("attention") {
      ct_attention(queries.handle, keys.handle, values.handle, scale, $0)
    }
  }

  /// Mean binary cross-entropy of logits against targets in [0, 1].
  package func binaryCrossEntropyWithLogits(_ target: Tensor) throws -> Tensor {
    try Tensor.make("binaryCrossEntropyWithLogits") {
      ct_bce_with_logits(handle, target.handle, $0)
    }
  }
  /// Mean squared difference.
  package func meanSquaredError(_ other: Tensor) throws -> Tensor {
    try Tensor.make("meanSquaredError") { ct_mse(handle, other.handle, $0) }
  }
  /// `self / sigma`, where sigma is the largest singular value of `self` as a matrix [out, rest],
  /// estimated by one step of a power iteration that starts at `u` [out].
  ///
  /// With `storing`, the vectors of the step are stored in `u` and `v` [rest]. Gradients flow only
  /// through `self`. The step is also done in evaluation mode, because in an averaged copy of a
  /// network the averaged `u` does not match its weight.
  /// Source: Miyato et al., "Spectral Normalization for GANs", ICLR 2018.
  package func spectralNormalized(u: Tensor, v: Tensor, storing: Bool, epsilon: Double) throws
    -> Tensor
  {
    try Tensor.make("spectralNormalized") {
      ct_spectral_norm(handle, u.handle, v.handle, storing, epsilon, $0)
    }
  }
}
