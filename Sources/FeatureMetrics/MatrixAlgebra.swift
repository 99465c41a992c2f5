/// The linear algebra that comparisons of feature sets need, in double precision.
///
/// `PlainAlgebra` needs nothing but Swift; the target `InceptionFeatures` has the one that computes with
/// LibTorch. On the same features the two agree to a relative 1e-9, and each gives the same numbers
/// for the same input.
public protocol MatrixAlgebra: Sendable {
  /// A matrix of this implementation; immutable to its users.
  associatedtype Matrix: AlgebraMatrix

  /// Copies `values`, [rows, columns] in row-major order.
  func matrix(_ values: [Float], rows: Int, columns: Int) throws -> Matrix
  /// The rows `range`.
  func rows(_ range: Range<Int>, of a: Matrix) throws -> Matrix
  /// The mean row, [1, columns].
  func meanRow(of a: Matrix) throws -> Matrix
  /// (a - offset) * factor; `offset` [1, columns] is subtracted from every row.
  func shifted(_ a: Matrix, by offset: Matrix, times factor: Double) throws -> Matrix

  func sumOfSquares(of a: Matrix) throws -> Double
  /// The squared length of each row, [rows, 1].
  func squaredLengths(of a: Matrix) throws -> Matrix
  /// The sum over all elements x of (x / divisor + 1)^3.
  func sumOfCubes(of a: Matrix, over divisor: Double) throws -> Double

  /// a b^T: every row of `a` times every row of `b`.
  func products(_ a: Matrix, _ b: Matrix) throws -> Matrix
  /// a^T a, or a a^T where that is smaller; their eigenvalues differ by zeros only.
  func smallerGram(of a: Matrix) throws -> Matrix
  /// a s a^T of a symmetric `s`.
  func congruence(_ a: Matrix, _ s: Matrix) throws -> Matrix
  /// l^T s l of a lower triangular `l` and a symmetric `s`. Only the lower triangle is defined.
  func transposedCongruence(_ l: Matrix, _ s: Matrix) throws -> Matrix

  /// Eigenvalues of a symmetric matrix, of which the lower triangle is read, ascending.
  func symmetricEigenvalues(of s: Matrix) throws -> [Double]
  /// The lower triangular L with s = L L^T; `nil` unless `s` is positive definite.
  func choleskyFactor(of s: Matrix) throws -> Matrix?
  /// R of the QR decomposition of a matrix with at least as many rows as columns: a^T a = R^T R.
  func triangularFactor(of a: Matrix) throws -> Matrix
  /// The sum of the singular values.
  func nuclearNorm(of a: Matrix) throws -> Double
}

/// What the measures look at in a matrix.
public protocol AlgebraMatrix {
  var rows: Int { get }
  var columns: Int { get }
  /// [rows, columns] in row-major order.
  func values() throws -> [Double]
}

extension MatrixAlgebra {
  func matrix(_ features: FeatureSet) throws -> Matrix {
    try matrix(features.values, rows: features.count, columns: features.dimension)
  }
}
