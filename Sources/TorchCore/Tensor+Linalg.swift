import CTorch

extension Tensor {
  public func matmul(_ other: Tensor) throws -> Tensor {
    try Tensor.make("matmul") { ct_matmul(handle, other.handle, $0) }
  }
  /// Eigenvalues of a symmetric matrix, ascending.
  public func symmetricEigenvalues() throws -> Tensor {
    try Tensor.make("symmetric eigenvalues") { ct_eigvalsh(handle, $0) }
  }
  /// Eigenvalues, ascending, and eigenvectors, as columns, of a symmetric matrix.
  public func symmetricEigen() throws -> (values: Tensor, vectors: Tensor) {
    var vectors: ct_tensor?
    let values = try Tensor.make("symmetric eigenvectors") { ct_eigh(handle, $0, &vectors) }
    return (values, Tensor(handle: vectors!))
  }
  /// Reduced QR decomposition.
  public func qr() throws -> (q: Tensor, r: Tensor) {
    var r: ct_tensor?
    let q = try Tensor.make("qr") { ct_qr(handle, $0, &r) }
    return (q, Tensor(handle: r!))
  }
  /// Pairs of the last dimension, of size 2, as complex numbers: [..., 2] to [...], without a copy.
  public func viewedAsComplex() throws -> Tensor {
    try Tensor.make("view as complex") { ct_view_as_complex(handle, $0) }
  }
  /// Fourier transform of real fields over the last two dimensions: [..., H, W/2 + 1], complex.
  public func rfft2() throws -> Tensor { try Tensor.make("rfft2") { ct_rfft2(handle, $0) } }
  /// The inverse of `rfft2`, scaled by 1/(H W): [..., H, W], real.
  public func irfft2(height: Int, width: Int) throws -> Tensor {
    try Tensor.make("irfft2") { ct_irfft2(handle, Int64(height), Int64(width), $0) }
  }
}
