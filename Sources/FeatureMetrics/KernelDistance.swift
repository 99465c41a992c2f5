import TorchCore

/// The kernel Inception distance: the unbiased squared maximum mean discrepancy under the kernel
/// (x . y / d + 1)^3.
///
/// Computed over the whole sets, which equals the mean over all subsets; the usual 100 subsets of
/// 1000 estimate this number.
/// Source: Binkowski et al., "Demystifying MMD GANs", ICLR 2018, section 3.1.
public enum KernelDistance {
  /// Rows per block, which limits memory.
  private static let blockRows = 2048

  /// - Throws: `EvaluationError.sets` for fewer than two samples.
  public static func between(_ a: FeatureSet, _ b: FeatureSet) throws -> Double {
    guard a.count >= 2, b.count >= 2 else {
      throw EvaluationError.sets("a kernel distance needs 2 samples a set; give more.")
    }
    let x = try Tensor(a.values, shape: [a.count, a.dimension]).to(dtype: .float64)
    let y = try Tensor(b.values, shape: [b.count, b.dimension]).to(dtype: .float64)
    let (m, n) = (Double(a.count), Double(b.count))
    let within = try (kernelSum(x, x) - diagonalSum(x)) / (m * (m - 1))
    let other = try (kernelSum(y, y) - diagonalSum(y)) / (n * (n - 1))
    return try within + other - 2 * kernelSum(x, y) / (m * n)
  }

  private static func kernelSum(_ x: Tensor, _ y: Tensor) throws -> Double {
    let columns = try y.transpose(0, 1)
    let rows = x.shape[0]
    var sum = 0.0
    for start in stride(from: 0, to: rows, by: blockRows) {
      let block = try x.narrow(0, from: start, length: min(blockRows, rows - start))
      let products = try block.matmul(columns) / Double(x.shape[1]) + 1
      sum += try (products.square() * products).sum().item()
    }
    return sum
  }

  private static func diagonalSum(_ x: Tensor) throws -> Double {
    let products = try x.square().sum([1]) / Double(x.shape[1]) + 1
    return try (products.square() * products).sum().item()
  }
}
