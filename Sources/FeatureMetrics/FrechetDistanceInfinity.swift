import Kernel

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
    _ a: FeatureSet, _ b: FeatureSet, seed: UInt64, full: Double? = nil,
    _ algebra: some MatrixAlgebra
  ) throws -> Double {
    try between(a, b, full: full, sizeCount: sizeCount, algebra) { point, set in
      CounterRandom(seed, .fidInfinityLine, UInt64(2 * point + set))
    }
  }

  /// - Parameter key: the random stream of the samples of a set (0 or 1), for each point of the
  ///   line.
  package static func between(
    _ a: FeatureSet, _ b: FeatureSet, full: Double? = nil, sizeCount: Int,
    _ algebra: some MatrixAlgebra, key: (_ point: Int, _ set: Int) -> CounterRandom
  ) throws -> Double {
    let largest = min(a.count, b.count)
    let isWhole = a.count == b.count
    let steps = sizes(largest: largest, count: sizeCount)
    let points = try steps.enumerated().map { number, size in
      if let full, isWhole, size == largest { return (1 / Double(size), full) }
      let drawnA = a.rows(Subsampling.draw(size, of: a.count, key(number, 0)))
      let drawnB = b.rows(Subsampling.draw(size, of: b.count, key(number, 1)))
      return (1 / Double(size), try FrechetDistance.between(drawnA, drawnB, algebra))
    }
    let meanX = points.reduce(0) { $0 + $1.0 } / Double(points.count)
    let meanY = points.reduce(0) { $0 + $1.1 } / Double(points.count)
    let covariance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let variance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    return variance > 0 ? meanY - covariance / variance * meanX : meanY
  }
}
