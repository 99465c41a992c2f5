import TorchCore

/// The Frechet distance between the Gaussians that fit two sets of features.
///
/// |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), covariances with N - 1.
/// The last trace is the nuclear norm of F1 F2^T where S = F^T F: F is the centred features over
/// sqrt(N - 1), or, where they have more rows than columns, the triangular factor of them. Singular
/// values come with an absolute error of the largest one's rounding, so that rank-deficient
/// covariances (N below the dimension, constant pictures) need no care and FID(X, X) is 0 to 1e-9.
/// Source: Heusel et al., "GANs trained by a two time-scale update rule", NeurIPS 2017, eq. 6.
public enum FrechetDistance {
  /// - Throws: `EvaluationError.sets` below two samples or for other dimensions.
  public static func between(_ a: FeatureSet, _ b: FeatureSet) throws -> Double {
    try between(GaussianFit(a), GaussianFit(b))
  }

  static func between(_ a: GaussianFit, _ b: GaussianFit) throws -> Double {
    guard a.dimension == b.dimension else {
      throw EvaluationError.sets(
        "features of \(a.dimension) and \(b.dimension) values do not compare")
    }
    let cross = try a.factor.matmul(b.factor.transpose(0, 1)).singularValues().sum().item()
    let apart = try (a.mean - b.mean).square().sum().item()
    // Rounding may leave -1e-13 where two sets are the same.
    return max(0, apart + a.trace + b.trace - 2 * cross)
  }
}

/// Mean and covariance of features, the covariance as a factor.
struct GaussianFit {
  let count: Int
  let dimension: Int
  /// [dimension], float64
  let mean: Tensor
  /// F with S = F^T F: [min(count, dimension), dimension], float64
  let factor: Tensor
  /// tr S
  let trace: Double

  init(_ features: FeatureSet) throws {
    guard features.count >= 2 else {
      throw EvaluationError.sets(
        "a Frechet distance needs 2 samples a set, and one has \(features.count); give more.")
    }
    let x = try Tensor(features.values, shape: [features.count, features.dimension])
      .to(dtype: .float64)
    count = features.count
    dimension = features.dimension
    mean = try x.mean([0])
    let centered = try (x - mean) * (1 / Double(features.count - 1).squareRoot())
    trace = try centered.square().sum().item()
    factor = features.count > features.dimension ? try centered.triangularFactor() : centered
  }
}

/// FID without its bias of small samples: a straight line through FID against 1/N, at 1/N = 0.
///
/// Fifteen sizes from 5000 to N (from N/2 where N is below 10,000); both sets are cut to each size
/// with a seeded draw, since the real set is finite too.
/// Source: Chong and Forsyth, "Effectively unbiased FID and Inception Score", CVPR 2020, section 4.
public enum FrechetDistanceInfinity {
  public static let sizeCount = 15
  /// Below this the covariances lose so much rank that FID does not go with 1/N.
  static let fewestSamples = 1000

  static func sizes(largest: Int, count: Int = FrechetDistanceInfinity.sizeCount) -> [Int] {
    let smallest = min(5000, max(2, largest / 2))
    return (0..<count).map { step in
      smallest + (largest - smallest) * step / (count - 1)
    }
  }

  /// - Parameter full: the distance of the whole sets, when it is known: the last size then costs
  ///   nothing.
  public static func between(
    _ a: FeatureSet, _ b: FeatureSet, seed: UInt64, full: Double? = nil,
    sizeCount: Int = FrechetDistanceInfinity.sizeCount
  ) throws -> Double {
    let largest = min(a.count, b.count)
    let isWhole = a.count == b.count
    let steps = sizes(largest: largest, count: sizeCount)
    let points = try steps.enumerated().map { number, size in
      if let full, isWhole, size == largest { return (1 / Double(size), full) }
      let drawnA = a.rows(Subsampling.draw(size, of: a.count, seed, UInt64(2 * number)))
      let drawnB = b.rows(Subsampling.draw(size, of: b.count, seed, UInt64(2 * number + 1)))
      return (1 / Double(size), try FrechetDistance.between(drawnA, drawnB))
    }
    let meanX = points.reduce(0) { $0 + $1.0 } / Double(points.count)
    let meanY = points.reduce(0) { $0 + $1.1 } / Double(points.count)
    let covariance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let variance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    return variance > 0 ? meanY - covariance / variance * meanX : meanY
  }
}
