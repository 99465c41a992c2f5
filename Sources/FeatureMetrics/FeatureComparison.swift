import DurableFiles
import Kernel

/// Computes `FeatureScores`.
public struct FeatureComparison: Sendable, Equatable {
  /// k of precision, recall, density and coverage.
  public var neighbors: Int
  /// Number of draws for each interval; 0 for no intervals.
  public var draws: Int
  public var seed: UInt64

  public init(neighbors: Int = 5, draws: Int = 40, seed: UInt64 = 0) {
    self.neighbors = neighbors
    self.draws = draws
    self.seed = seed
  }

  package func faults() -> [String] {
    var faults: [String] = []
    if !(1...1000).contains(neighbors) {
      faults.append("\(OptionName.neighbors) is \(neighbors): give 1 to 1000")
    }
    if draws < 0 || draws == 1 || draws > 10_000 {
      faults.append("\(OptionName.resamples) is \(draws): give 0 (no intervals) or 2 to 10000")
    }
    return faults
  }

  /// - Throws: `FeatureMetricsError.tooFewForNeighbors` if `count` is not above k.
  package func check(count: Int) throws {
    guard count > neighbors else {
      throw FeatureMetricsError.tooFewForNeighbors(neighbors: neighbors, count: count)
    }
  }

  /// - Throws: `FeatureMetricsError` for sets that are too small or not finite;
  ///   `RunError.interrupted`.
  public func metrics(
    real: FeatureSet, generated: FeatureSet, _ algebra: some MatrixAlgebra
  ) throws -> FeatureScores {
    let whole = try values(real, generated, algebra)
    // Both sets are subsampled to the same size, determined by the smaller set.
    let count = min(real.count, generated.count)
    let size = Subsampling.size(of: count)
    var drawn: [[Double]] = Array(repeating: [], count: whole.count)
    if size > neighbors {
      for draw in 0..<draws {
        let (a, b) = try drawnPair(real, generated, size: size, .metricIntervals, draw)
        for (place, value) in try values(a, b, algebra).enumerated() { drawn[place].append(value) }
      }
    }
    // The possible range of each metric: a distance, any number (KID is unbiased), fractions, a
    // density.
    let limits: [ClosedRange<Double>] = [
      0...(.infinity), -.infinity...(.infinity), 0...1, 0...1, 0...(.infinity), 0...1,
    ]
    let estimates = whole.indices.map {
      Subsampling.estimate(
        whole[$0], draws: drawn[$0], size: size, count: count, within: limits[$0])
    }
    return FeatureScores(
      realCount: real.count, count: generated.count, fid: estimates[0],
      fidInfinity: try infinity(real, generated, full: whole[0], algebra), kid: estimates[1],
      precision: estimates[2], recall: estimates[3], density: estimates[4],
      coverage: estimates[5],
      twoSampleAccuracy: try TwoSampleTest.accuracy(real: real, generated: generated))
  }

  /// FID infinity with an interval of 1.96 standard errors, from few draws with fewer points per
  /// line, since every point is a Frechet distance.
  ///
  /// - Parameter full: FID of the whole sets.
  /// - Returns: `nil` for sets that are too small.
  package func infinity(
    _ real: FeatureSet, _ generated: FeatureSet, full: Double, _ algebra: some MatrixAlgebra
  ) throws -> Estimate? {
    let count = min(real.count, generated.count)
    let fewest = FrechetDistanceInfinity.fewestSamples
    guard count >= fewest else { return nil }
    let value = try FrechetDistanceInfinity.between(
      real, generated, seed: seed, full: full, algebra)
    guard count >= 2 * fewest, draws >= 2 else { return Estimate(value: value) }
    let drawn = try (0..<min(draws, Self.infinityDraws)).map { draw in
      let (a, b) = try drawnPair(real, generated, size: fewest, .fidInfinityIntervals, draw)
      return try FrechetDistanceInfinity.between(a, b, sizeCount: Self.infinityDrawSizes, algebra) {
        CounterRandom(seed, .fidInfinityIntervalLines, UInt64(draw), UInt64($0), UInt64($1))
      }
    }
    return Subsampling.normalEstimate(value, draws: drawn, size: fewest, count: count)
  }

  package static let infinityDraws = 20
  package static let infinityDrawSizes = 5

  /// `size` samples of both sets, without repetition.
  private func drawnPair(
    _ real: FeatureSet, _ generated: FeatureSet, size: Int, _ stream: RandomStream, _ draw: Int
  ) throws -> (FeatureSet, FeatureSet) {
    try Interruption.check()
    func rows(of features: FeatureSet, _ set: UInt64) -> FeatureSet {
      features.rows(
        Subsampling.draw(
          size, of: features.count, CounterRandom(seed, stream, UInt64(draw), set)))
    }
    return (rows(of: real, 0), rows(of: generated, 1))
  }

  /// FID, KID, precision, recall, density, coverage.
  private func values(
    _ real: FeatureSet, _ generated: FeatureSet, _ algebra: some MatrixAlgebra
  ) throws -> [Double] {
    let near = try NeighborMetrics(
      real: real, generated: generated, neighbors: neighbors, algebra)
    return [
      try FrechetDistance.between(real, generated, algebra),
      try KernelDistance.between(real, generated, algebra), near.precision, near.recall,
      near.density, near.coverage,
    ]
  }
}
