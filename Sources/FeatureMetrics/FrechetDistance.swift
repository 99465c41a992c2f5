import Kernel

/// The Frechet distance between the Gaussians fitted to two sets of features.
///
/// |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), covariances with N - 1.
/// Source: Heusel et al., "GANs trained by a two time-scale update rule", NeurIPS 2017, eq. 6. How
/// the last trace is computed: docs/decisions/0010-frechet-distance.md.
public enum FrechetDistance {
  /// - Throws: `FeatureMetricsError` for fewer than two samples or different dimensions.
  public static func between<Algebra: MatrixAlgebra>(
    _ a: FeatureSet, _ b: FeatureSet, _ algebra: Algebra
  ) throws -> Double {
    try between(GaussianFit(a, algebra), GaussianFit(b, algebra), algebra)
  }

  package static func between<Algebra: MatrixAlgebra>(
    _ a: GaussianFit<Algebra.Matrix>, _ b: GaussianFit<Algebra.Matrix>, _ algebra: Algebra
  ) throws -> Double {
    try a.features.requireDimension(of: b.features)
    let cross = try crossTrace(a, b, algebra) ?? crossTraceOfAnyRank(a, b, algebra)
    let apart = try algebra.sumOfSquares(of: algebra.shifted(a.mean, by: b.mean, times: 1))
    // Rounding may give -1e-13 for equal sets.
    return max(0, apart + a.trace + b.trace - 2 * cross)
  }

  /// tr (S1 S2)^(1/2) as the sum of the roots of the eigenvalues of R S R^T, where R^T R is one
  /// covariance and S the other; `nil` if rounding would be visible in the result.
  package static func crossTrace<Algebra: MatrixAlgebra>(
    _ a: GaussianFit<Algebra.Matrix>, _ b: GaussianFit<Algebra.Matrix>, _ algebra: Algebra
  ) throws -> Double? {
    guard let product = try symmetricProduct(a, b, algebra) else { return nil }
    let eigenvalues = try algebra.symmetricEigenvalues(of: product)
    guard let largest = eigenvalues.last, largest > 0 else { return 0 }
    // The error of an eigenvalue is proportional to the largest one, and the error of its root
    // grows as it gets smaller.
    let rounding = 4 * largest * .ulpOfOne
    var sum = 0.0
    var error = 0.0
    for value in eigenvalues {
      sum += max(0, value).squareRoot()
      error += rounding / (2 * max(value, rounding).squareRoot())
    }
    return error < 1e-8 * (a.trace + b.trace) ? sum : nil
  }

  /// R S R^T; only its lower triangle if both sets have more samples than dimensions. `nil` if a
  /// covariance is nevertheless singular.
  private static func symmetricProduct<Algebra: MatrixAlgebra>(
    _ a: GaussianFit<Algebra.Matrix>, _ b: GaussianFit<Algebra.Matrix>, _ algebra: Algebra
  ) throws -> Algebra.Matrix? {
    switch (a.spread, b.spread) {
    case (.contrasts(let first), .contrasts(let second)):
      return try algebra.smallerGram(of: algebra.products(first, second))
    case (.contrasts(let few), .covariance(let covariance)),
      (.covariance(let covariance), .contrasts(let few)):
      return try algebra.congruence(few, covariance)
    case (.covariance(let first), .covariance(let second)):
      guard let root = try algebra.choleskyFactor(of: first) else { return nil }
      return try algebra.transposedCongruence(root, second)
    }
  }

  /// The same trace as the nuclear norm of F1 F2^T, where F^T F is a covariance. The absolute error
  /// of singular values is the rounding error of the largest one, so covariances need not have full
  /// rank.
  package static func crossTraceOfAnyRank<Algebra: MatrixAlgebra>(
    _ a: GaussianFit<Algebra.Matrix>, _ b: GaussianFit<Algebra.Matrix>, _ algebra: Algebra
  ) throws -> Double {
    try algebra.nuclearNorm(of: algebra.products(a.factor(algebra), b.factor(algebra)))
  }
}
