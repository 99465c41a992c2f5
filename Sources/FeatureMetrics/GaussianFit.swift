/// Mean and covariance of features.
package struct GaussianFit<Matrix> {
  package let features: FeatureSet
  /// [1, dimension]
  package let mean: Matrix
  package let spread: Spread
  /// tr S
  package let trace: Double

  /// The covariance S in the smaller of two forms.
  package enum Spread {
    /// F with S = F^T F: [count - 1, dimension], at most as many rows as columns.
    case contrasts(Matrix)
    /// S: [dimension, dimension].
    case covariance(Matrix)
  }

  /// - Throws: `FeatureMetricsError.tooFewSamples` for fewer than two.
  package init<Algebra: MatrixAlgebra>(_ features: FeatureSet, _ algebra: Algebra) throws
  where Algebra.Matrix == Matrix {
    guard features.count >= 2 else {
      throw FeatureMetricsError.tooFewSamples(
        measure: "a Frechet distance", needed: 2, count: features.count)
    }
    self.features = features
    let (mean, contrasts) = try Self.contrasts(features, algebra)
    self.mean = mean
    trace = try algebra.sumOfSquares(of: contrasts)
    spread =
      features.count > features.dimension + 1
      ? .covariance(try algebra.smallerGram(of: contrasts)) : .contrasts(contrasts)
  }

  /// N - 1 uncorrelated combinations of the centered samples: a reflection maps the vector of ones
  /// to the first axis, and the first row, which is then the mean, is removed.
  private static func contrasts<Algebra: MatrixAlgebra>(
    _ features: FeatureSet, _ algebra: Algebra
  ) throws -> (mean: Matrix, rows: Matrix) where Algebra.Matrix == Matrix {
    let x = try algebra.matrix(features)
    let mean = try algebra.meanRow(of: x)
    let root = Double(features.count).squareRoot()
    let first = try algebra.shifted(
      algebra.rows(0..<1, of: x), by: mean, times: 1 / (root - 1))
    let offset = try algebra.shifted(mean, by: first, times: 1)
    let rows = try algebra.shifted(
      algebra.rows(1..<features.count, of: x), by: offset,
      times: 1 / Double(features.count - 1).squareRoot())
    return (mean, rows)
  }

  /// F with S = F^T F: [min(count - 1, dimension), dimension].
  package func factor<Algebra: MatrixAlgebra>(_ algebra: Algebra) throws -> Matrix
  where Algebra.Matrix == Matrix {
    if case .contrasts(let rows) = spread { return rows }
    return try algebra.triangularFactor(of: Self.contrasts(features, algebra).rows)
  }
}
