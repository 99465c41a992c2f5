/// The kernel Inception distance: the unbiased squared maximum mean discrepancy under the kernel
/// (x . y / d + 1)^3.
///
/// Computed over the whole sets, which equals the mean over all subsets; the usual 100 subsets of
/// 1000 estimate this number.
/// Source: Binkowski et al., "Demystifying MMD GANs", ICLR 2018, section 3.1.
public enum KernelDistance {
  /// Rows per block, which limits memory.
  private static let blockRows = 2048

  /// - Throws: `FeatureMetricsError` for fewer than two samples or different dimensions.
  public static func between<Algebra: MatrixAlgebra>(
    _ a: FeatureSet, _ b: FeatureSet, _ algebra: Algebra
  ) throws -> Double {
    guard a.count >= 2, b.count >= 2 else {
      throw FeatureMetricsError.tooFewSamples(
        measure: "a kernel distance", needed: 2, count: min(a.count, b.count))
    }
    try a.requireDimension(of: b)
    let (x, y) = try (algebra.matrix(a), algebra.matrix(b))
    let (m, n) = (Double(a.count), Double(b.count))
    let within = try (kernelSum(x, x, algebra) - diagonalSum(x, algebra)) / (m * (m - 1))
    let other = try (kernelSum(y, y, algebra) - diagonalSum(y, algebra)) / (n * (n - 1))
    return try within + other - 2 * kernelSum(x, y, algebra) / (m * n)
  }

  private static func kernelSum<Algebra: MatrixAlgebra>(
    _ x: Algebra.Matrix, _ y: Algebra.Matrix, _ algebra: Algebra
  ) throws -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: x.rows, by: blockRows) {
      let block = try algebra.rows(start..<min(start + blockRows, x.rows), of: x)
      sum += try algebra.sumOfCubes(
        of: algebra.products(block, y), over: Double(x.columns))
    }
    return sum
  }

  private static func diagonalSum<Algebra: MatrixAlgebra>(
    _ x: Algebra.Matrix, _ algebra: Algebra
  ) throws -> Double {
    try algebra.sumOfCubes(of: algebra.squaredLengths(of: x), over: Double(x.columns))
  }
}
