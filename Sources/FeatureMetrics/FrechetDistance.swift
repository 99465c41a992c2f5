import Kernel
import TorchCore

/// The Frechet distance between the Gaussians fitted to two sets of features.
///
/// |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), covariances with N - 1.
/// Source: Heusel et al., "GANs trained by a two time-scale update rule", NeurIPS 2017, eq. 6. How
/// the last trace is computed: docs/decisions/0010-frechet-distance.md.
public enum FrechetDistance {
  /// - Throws: `EvaluationError.sets` for fewer than two samples or different dimensions.
  public static func between(_ a: FeatureSet, _ b: FeatureSet) throws -> Double {
    try between(GaussianFit(a), GaussianFit(b))
  }

  package static func between(_ a: GaussianFit, _ b: GaussianFit) throws -> Double {
    guard a.dimension == b.dimension else {
      throw EvaluationError.sets(
        "features of \(a.dimension) and \(b.dimension) values do not compare")
    }
    let cross = try crossTrace(a, b) ?? crossTraceOfAnyRank(a, b)
    let apart = try (a.mean - b.mean).square().sum().item()
    // Rounding may give -1e-13 for equal sets.
    return max(0, apart + a.trace + b.trace - 2 * cross)
  }

  /// tr (S1 S2)^(1/2) as the sum of the roots of the eigenvalues of R S R^T, where R^T R is one
  /// covariance and S the other; `nil` if rounding would be visible in the result.
  package static func crossTrace(_ a: GaussianFit, _ b: GaussianFit) throws -> Double? {
    guard let product = try symmetricProduct(a, b) else { return nil }
    let eigenvalues: [Double] = try product.symmetricEigenvalues().values()
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
  private static func symmetricProduct(_ a: GaussianFit, _ b: GaussianFit) throws -> Tensor? {
    switch (a.spread, b.spread) {
    case (.contrasts(let first), .contrasts(let second)):
      let product = try first.matmul(second.transpose(0, 1))
      let isWide = product.shape[0] < product.shape[1]
      return try (isWide ? product.transpose(0, 1) : product).gram()
    case (.contrasts(let few), .covariance(let covariance)),
      (.covariance(let covariance), .contrasts(let few)):
      return try few.matmul(covariance).matmul(few.transpose(0, 1))
    case (.covariance(let first), .covariance(let second)):
      guard let root = try first.choleskyFactor() else { return nil }
      return try lowerTriangle(of: second, between: root)
    }
  }

  /// The lower triangle of L^T S L, L lower triangular: blocks of zeros are skipped in the
  /// products.
  private static func lowerTriangle(of matrix: Tensor, between root: Tensor) throws -> Tensor {
    let size = root.shape[0]
    let result = try Tensor.zeros([size, size], dtype: .float64, device: root.device)
    let product = try Tensor.empty([size, size], dtype: .float64, device: root.device)  // S L
    let blocks = Tensor.blocks(of: size)
    for block in blocks {
      let below = try root.narrow(1, from: block.lowerBound, length: block.count)
        .narrow(0, from: block.lowerBound, length: size - block.lowerBound)
      try product.narrow(1, from: block.lowerBound, length: block.count).copy(
        from: matrix.narrow(1, from: block.lowerBound, length: size - block.lowerBound)
          .matmul(below))
    }
    for block in blocks {
      let below = try root.narrow(1, from: block.lowerBound, length: block.count)
        .narrow(0, from: block.lowerBound, length: size - block.lowerBound)
      let rows = try product.narrow(0, from: block.lowerBound, length: size - block.lowerBound)
        .narrow(1, from: 0, length: block.upperBound)
      try result.narrow(0, from: block.lowerBound, length: block.count)
        .narrow(1, from: 0, length: block.upperBound)
        .copy(from: below.transpose(0, 1).matmul(rows))
    }
    return result
  }

  /// The same trace as the nuclear norm of F1 F2^T, where F^T F is a covariance. The absolute error
  /// of singular values is the rounding error of the largest one, so covariances need not have full
  /// rank.
  package static func crossTraceOfAnyRank(_ a: GaussianFit, _ b: GaussianFit) throws -> Double {
    try a.factor().matmul(b.factor().transpose(0, 1)).singularValues().sum().item()
  }
}

/// Mean and covariance of features.
package struct GaussianFit {
  package let features: FeatureSet
  /// [dimension], float64
  package let mean: Tensor
  package let spread: Spread
  /// tr S
  package let trace: Double

  package var dimension: Int { features.dimension }

  /// The covariance S in the smaller of two forms, float64.
  package enum Spread {
    /// F with S = F^T F: [count - 1, dimension], at most as many rows as columns.
    case contrasts(Tensor)
    /// S: [dimension, dimension].
    case covariance(Tensor)
  }

  package init(_ features: FeatureSet) throws {
    guard features.count >= 2 else {
      throw EvaluationError.sets(
        "a Frechet distance needs 2 samples a set, and one has \(features.count); give more.")
    }
    self.features = features
    let (mean, contrasts) = try Self.contrasts(features)
    self.mean = mean
    trace = try contrasts.square().sum().item()
    spread =
      features.count > features.dimension + 1
      ? .covariance(try contrasts.gram()) : .contrasts(contrasts)
  }

  /// N - 1 uncorrelated combinations of the centered samples: a reflection maps the vector of ones
  /// to the first axis, and the first row, which is then the mean, is removed.
  private static func contrasts(_ features: FeatureSet) throws -> (mean: Tensor, rows: Tensor) {
    let x = try Tensor(features.values, shape: [features.count, features.dimension])
      .to(dtype: .float64)
    let mean = try x.mean([0])
    let root = Double(features.count).squareRoot()
    let first = try x.narrow(0, from: 0, length: 1) - mean
    let offset = try mean - first * (1 / (root - 1))
    let rows = try x.narrow(0, from: 1, length: features.count - 1) - offset
    try rows.multiply_(1 / Double(features.count - 1).squareRoot())
    return (mean, rows)
  }

  /// F with S = F^T F: [min(count - 1, dimension), dimension].
  package func factor() throws -> Tensor {
    if case .contrasts(let rows) = spread { return rows }
    return try Self.contrasts(features).rows.triangularFactor()
  }
}

/// FID infinity, without the bias of small samples: a line fitted to FID against 1/N, extrapolated
/// to 1/N = 0.
///
/// Fifteen sizes from 5000 to N (from N/2 if N is below 10,000); both sets are subsampled to each
/// size with a seeded draw, since the real set is finite too.
/// Source: Chong and Forsyth, "Effectively unbiased FID and Inception Score", CVPR 2020, section 4.
public enum FrechetDistanceInfinity {
  public static let sizeCount = 15
  /// With fewer samples the covariances lose so much rank that FID is not linear in 1/N.
  package static let fewestSamples = 1000

  package static func sizes(largest: Int, count: Int = FrechetDistanceInfinity.sizeCount) -> [Int] {
    let smallest = min(5000, max(2, largest / 2))
    return (0..<count).map { step in
      smallest + (largest - smallest) * step / (count - 1)
    }
  }

  /// - Parameter full: the distance of the whole sets if known, which saves the last size.
  public static func between(
    _ a: FeatureSet, _ b: FeatureSet, seed: UInt64, full: Double? = nil
  ) throws -> Double {
    try between(a, b, full: full, sizeCount: sizeCount) { point, set in
      CounterRandom(seed, .fidInfinityLine, UInt64(2 * point + set))
    }
  }

  /// - Parameter key: the random stream of the samples of a set (0 or 1), for each point of the
  ///   line.
  package static func between(
    _ a: FeatureSet, _ b: FeatureSet, full: Double? = nil, sizeCount: Int,
    key: (_ point: Int, _ set: Int) -> CounterRandom
  ) throws -> Double {
    let largest = min(a.count, b.count)
    let isWhole = a.count == b.count
    let steps = sizes(largest: largest, count: sizeCount)
    let points = try steps.enumerated().map { number, size in
      if let full, isWhole, size == largest { return (1 / Double(size), full) }
      let drawnA = a.rows(Subsampling.draw(size, of: a.count, key(number, 0)))
      let drawnB = b.rows(Subsampling.draw(size, of: b.count, key(number, 1)))
      return (1 / Double(size), try FrechetDistance.between(drawnA, drawnB))
    }
    let meanX = points.reduce(0) { $0 + $1.0 } / Double(points.count)
    let meanY = points.reduce(0) { $0 + $1.1 } / Double(points.count)
    let covariance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let variance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    return variance > 0 ? meanY - covariance / variance * meanX : meanY
  }
}
