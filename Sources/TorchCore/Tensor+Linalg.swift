import CTorch

extension Tensor {
  package func matmul(_ other: Tensor) throws -> Tensor {
    try Tensor.make("matmul") { ct_matmul(handle, other.handle, $0) }
  }
  /// Eigenvalues of a symmetric matrix, ascending.
  package func symmetricEigenvalues() throws -> Tensor {
    try Tensor.make("symmetric eigenvalues") { ct_eigvalsh(handle, $0) }
  }
  /// Reduced QR decomposition.
  package func qr() throws -> (q: Tensor, r: Tensor) {
    var r: ct_tensor?
    let q = try Tensor.make("qr") { ct_qr(handle, $0, &r) }
    return (q, Tensor(handle: r!))
  }
  /// The triangular factor of the reduced QR decomposition: `self^T self = R^T R`.
  package func triangularFactor() throws -> Tensor {
    try Tensor.make("triangular factor") { ct_qr_r(handle, $0) }
  }
  /// The lower triangular L with `self = L L^T`; `nil` unless `self` is positive definite.
  package func choleskyFactor() throws -> Tensor? {
    var isPositive = false
    let factor = try Tensor.make("cholesky factor") { ct_cholesky(handle, $0, &isPositive) }
    return isPositive ? factor : nil
  }
  /// `self^T self` of a matrix, with five eighths of the multiplications of `matmul`.
  package func gram() throws -> Tensor {
    let size = shape[1]
    let result = try Tensor.empty([size, size], dtype: dtype, device: device)
    for block in Tensor.blocks(of: size) {
      let (start, rest) = (block.lowerBound, size - block.lowerBound)
      let strip = try narrow(1, from: start, length: block.count).transpose(0, 1)
        .matmul(narrow(1, from: start, length: rest))
      try result.narrow(0, from: start, length: block.count).narrow(1, from: start, length: rest)
        .copy(from: strip)
      try result.narrow(0, from: start, length: rest).narrow(1, from: start, length: block.count)
        .copy(from: strip.transpose(0, 1))
    }
    return result
  }
  /// Divides rows or columns into up to four blocks, for products of which only a triangle is
  /// needed.
  package static func blocks(of size: Int) -> [Range<Int>] {
    let length = Swift.max(256, (size + 3) / 4)
    return stride(from: 0, to: size, by: length).map { $0..<Swift.min(size, $0 + length) }
  }
  /// Singular values, descending.
  package func singularValues() throws -> Tensor {
    try Tensor.make("singular values") { ct_svdvals(handle, $0) }
  }
  /// Fourier transform of real fields over the last two dimensions: [..., H, W/2 + 1], complex.
  package func rfft2() throws -> Tensor { try Tensor.make("rfft2") { ct_rfft2(handle, $0) } }
  /// The inverse of `rfft2`, scaled by 1/(H W): [..., H, W], real.
  package func irfft2(height: Int, width: Int) throws -> Tensor {
    try Tensor.make("irfft2") { ct_irfft2(handle, Int64(height), Int64(width), $0) }
  }
}
