import TorchCore

/// Convolutions combined with a change of resolution, rewritten to need fewer operations for the
/// same result.
///
/// - A 1x1 convolution commutes with nearest-neighbor upsampling and with averaging: it is done on
///   the smaller image.
/// - A 3x3 convolution of an enlarged image is a transposed 4x4 convolution of stride 2: 4
///   multiplications per output instead of 9.
/// - The 2x2 means of a 3x3 convolution are a 4x4 convolution of stride 2: 16 instead of 36.
///
/// Borders agree too, because zero padding is outside the image in both forms. Results differ from
/// the plain form by float rounding. For images smaller than `smallestImage` the plain form is
/// faster on CPUs. Details: `docs/decisions/0003-resampled-convolutions.md`.
enum ResampledConvolution {
  /// The side of the larger image from which on rewriting 3x3 kernels is faster.
  static let smallestImage = 16

  /// Weight [out, in, k, k] with k = 1 or 3.
  static func upsampleThenConvolve(_ input: Tensor, _ weight: Tensor, bias: Tensor?) throws
    -> Tensor
  {
    let kernel = try kernelSize(weight, input)
    if kernel == 1 { return try input.conv2d(weight, bias: bias).upsampleNearest2x() }
    guard input.shape[3] * 2 >= smallestImage else {
      return try input.upsampleNearest2x().conv2d(weight, bias: bias, padding: (1, 1))
    }
    return try input.convTranspose2d(transposedKernel(weight), bias: bias, stride: 2, padding: 1)
  }

  /// The kernel of the transposed convolution: [out, in, 3, 3] -> [in, out, 4, 4].
  static func transposedKernel(_ weight: Tensor) throws -> Tensor {
    try blurredByBox(weight).flip([2, 3]).transpose(0, 1)
  }

  /// Weight [out, in, k, k] with k = 1 or 3; the input's sides are even.
  static func convolveThenAverage(_ input: Tensor, _ weight: Tensor, bias: Tensor?) throws
    -> Tensor
  {
    let kernel = try kernelSize(weight, input)
    if kernel == 1 { return try input.averagePool(kernel: 2).conv2d(weight, bias: bias) }
    guard input.shape[3] >= smallestImage else {
      return try input.conv2d(weight, bias: bias, padding: (1, 1)).averagePool(kernel: 2)
    }
    let wide = try blurredByBox(weight) * 0.25  // [out, in, 4, 4]
    return try input.conv2d(wide, bias: bias, stride: 2, padding: (1, 1))
  }

  private static func kernelSize(_ weight: Tensor, _ input: Tensor) throws -> Int {
    let shape = weight.shape
    guard input.shape.count == 4 else {
      throw TorchError.shape(
        "resampled convolution", expected: "images [N, C, H, W]", got: input.shape)
    }
    guard shape.count == 4, shape[2] == shape[3], [1, 3].contains(shape[2]) else {
      throw TorchError.shape(
        "resampled convolution", expected: "[out, in, k, k], k 1 or 3", got: shape)
    }
    return shape[2]
  }

  /// Sums over 2 x 2 boxes of the zero-padded kernel: [.., 3, 3] -> [.., 4, 4].
  private static func blurredByBox(_ weight: Tensor) throws -> Tensor {
    let padded = try weight.pad(left: 1, right: 1, top: 1, bottom: 1, .constant(0))  // [.., 5, 5]
    let rows = try padded.narrow(2, from: 0, length: 4) + padded.narrow(2, from: 1, length: 4)
    return try rows.narrow(3, from: 0, length: 4) + rows.narrow(3, from: 1, length: 4)
  }
}
