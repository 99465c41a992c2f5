import TorchCore

/// A convolution that includes its batch normalization, followed by ReLU.
struct InceptionConvolution {
  /// [out, in, kH, kW], NHWC in memory.
  let weight: Tensor
  /// [out]
  let bias: Tensor
  let stride: Int
  let padding: (height: Int, width: Int)

  private static let batchNormEpsilon = 1e-3

  /// - Parameter name: for example `Mixed_5b.branch1x1`; the tensors are `<name>.conv.weight` and
  ///   `<name>.bn.{weight, bias, running_mean, running_var}`.
  init(_ weights: InceptionWeights, _ name: String, stride: Int = 1) throws {
    let kernel = try weights.tensor("\(name).conv.weight").to(dtype: .float64)
    let variance = try weights.tensor("\(name).bn.running_var").to(dtype: .float64)
    let mean = try weights.tensor("\(name).bn.running_mean").to(dtype: .float64)
    let shift = try weights.tensor("\(name).bn.bias").to(dtype: .float64)
    var scale = try (variance + Self.batchNormEpsilon).rsqrt()
    // TensorFlow's graph has no gain: it is 1 and often not stored.
    if let gain = weights.gain("\(name).bn.weight") { scale = try scale * gain.to(dtype: .float64) }
    let shape = kernel.shape
    weight = try (kernel * scale.reshape([-1, 1, 1, 1])).to(dtype: .float32).channelsLast()
    bias = try (shift - mean * scale).to(dtype: .float32)
    self.stride = stride
    // Convolutions with stride 2 and the plain 3x3 convolutions of the stem have no padding.
    let isPadded = stride == 1 && !["Conv2d_2a_3x3", "Conv2d_4a_3x3"].contains(name)
    padding = isPadded ? (shape[2] / 2, shape[3] / 2) : (0, 0)
  }

  private init(weight: Tensor, bias: Tensor, stride: Int, padding: (height: Int, width: Int)) {
    self.weight = weight
    self.bias = bias
    self.stride = stride
    self.padding = padding
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    let y = try linear(x)
    try y.relu_()
    return y
  }

  /// Without the ReLU.
  func linear(_ x: Tensor) throws -> Tensor {
    try x.conv2d(weight, bias: bias, stride: stride, padding: padding)
  }

  /// The same convolution for one channel that represents three equal ones: its kernels are sums
  /// over channels.
  func forEqualChannels() throws -> InceptionConvolution {
    let sum = try weight.to(dtype: .float64).sum([1], keepDims: true)
    return InceptionConvolution(
      weight: try sum.to(dtype: .float32).channelsLast(), bias: bias, stride: stride,
      padding: padding)
  }

  /// One convolution that computes several convolutions of the same input, with concatenated
  /// outputs.
  static func merged(_ layers: [InceptionConvolution]) throws -> InceptionConvolution {
    InceptionConvolution(
      weight: try Tensor.concatenate(layers.map(\.weight), 0).channelsLast(),
      bias: try Tensor.concatenate(layers.map(\.bias), 0), stride: layers[0].stride,
      padding: layers[0].padding)
  }
}

/// The 1x1 convolutions at the start of a block, computed as one.
///
/// A 1x1 convolution commutes with an average pool that excludes padding, so the pooled branch is
/// convolved together with the others and pooled afterwards, on fewer channels.
struct MergedEntry {
  private let layer: InceptionConvolution
  private let widths: [Int]
  private let hasPooled: Bool

  init(_ branches: [InceptionConvolution], pooled: InceptionConvolution?) throws {
    let all = branches + (pooled.map { [$0] } ?? [])
    layer = try .merged(all)
    widths = all.map { $0.weight.shape[0] }
    hasPooled = pooled != nil
  }

  /// One output per branch, the pooled one last.
  func callAsFunction(_ x: Tensor) throws -> [Tensor] {
    let joint = try layer.linear(x)
    var start = 0
    return try widths.enumerated().map { index, width in
      var part = try joint.narrow(1, from: start, length: width)
      start += width
      if hasPooled && index == widths.count - 1 {
        part = try part.channelsLast().averagePool(
          kernel: 3, stride: 1, padding: 1, countIncludePad: false)
      }
      return try part.relu()
    }
  }
}
