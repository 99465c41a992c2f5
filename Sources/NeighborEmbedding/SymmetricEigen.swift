/// Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations.
///
/// For up to a few hundred rows; the time grows with the cube.
/// Source: Golub and Van Loan, Matrix Computations, 4th edition, section 8.5.
struct SymmetricEigen {
  /// Largest first.
  let values: [Double]
  /// `vectors[k]` belongs to `values[k]`; orthonormal; the component of largest magnitude is
  /// positive.
  let vectors: [[Double]]

  /// - Parameter matrix: [size * size], symmetric.
  init(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size, "a square matrix")
    var a = matrix
    var v = [Double](repeating: 0, count: size * size)  // rows are eigenvectors
    for i in 0..<size { v[i * size + i] = 1 }
    let total = matrix.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<60 {
      var offDiagonal = 0.0
      for p in 0..<size {
        for q in 0..<size where q != p { offDiagonal += a[p * size + q] * a[p * size + q] }
      }
      if offDiagonal <= 1e-28 * total { break }
      for p in 0..<size {
        for q in p + 1..<max(p + 1, size) { Self.rotate(&a, &v, p, q, size) }
      }
    }
    let diagonal = (0..<size).map { a[$0 * size + $0] }
    let order = (0..<size).sorted { diagonal[$0] > diagonal[$1] }
    values = order.map { diagonal[$0] }
    vectors = order.map { row in
      let vector = Array(v[row * size..<(row + 1) * size])
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? vector.map { -$0 } : vector
    }
  }

  /// Makes a[p, q] zero by a rotation in the plane of p and q.
  private static func rotate(
    _ a: inout [Double], _ v: inout [Double], _ p: Int, _ q: Int, _ size: Int
  ) {
    let apq = a[p * size + q]
    guard apq != 0 else { return }
    let theta = (a[q * size + q] - a[p * size + p]) / (2 * apq)
    let t = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<size {
      let (akp, akq) = (a[k * size + p], a[k * size + q])
      a[k * size + p] = c * akp - s * akq
      a[k * size + q] = s * akp + c * akq
    }
    for k in 0..<size {
      let (apk, aqk) = (a[p * size + k], a[q * size + k])
      a[p * size + k] = c * apk - s * aqk
      a[q * size + k] = s * apk + c * aqk
      let (vpk, vqk) = (v[p * size + k], v[q * size + k])
      v[p * size + k] = c * vpk - s * vqk
      v[q * size + k] = s * vpk + c * vqk
    }
  }
}
