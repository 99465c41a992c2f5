import DurableFiles
import Kernel

/// The feature metrics of one set against the real one.
public struct FeatureScores: Sendable, Equatable, Codable {
  /// Number of samples of both sets.
  public var realCount: Int
  public var count: Int
  public var fid: Estimate
  /// `nil` below 1000 samples, for which FID is not linear in 1/N; without an interval below 2000.
  public var fidInfinity: Estimate?
  public var kid: Estimate
  public var precision: Estimate
  public var recall: Estimate
  public var density: Estimate
  public var coverage: Estimate
}

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

  /// - Throws: `EvaluationError.sets` if k neighbors need more than `count` samples.
  package func check(count: Int) throws {
    guard count > neighbors else {
      throw EvaluationError.sets(
        "k = \(neighbors) neighbors need sets of at least \(neighbors + 1) samples, and one has "
          + "\(count); give more samples or a smaller \(OptionName.neighbors).")
    }
  }

  /// - Throws: `EvaluationError.sets` for sets that are too small.
  public func metrics(real: FeatureSet, generated: FeatureSet) throws -> FeatureScores {
    let whole = try values(real, generated)
    // Both sets are subsampled to the same size, determined by the smaller set.
    let count = min(real.count, generated.count)
    let size = Subsampling.size(of: count)
    var drawn: [[Double]] = Array(repeating: [], count: whole.count)
    if size > neighbors {
      for draw in 0..<draws {
        let (a, b) = try drawnPair(real, generated, size: size, .metricIntervals, draw)
        for (place, value) in try values(a, b).enumerated() { drawn[place].append(value) }
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
      fidInfinity: try infinity(real, generated, full: whole[0]), kid: estimates[1],
      precision: estimates[2],
      recall: estimates[3], density: estimates[4], coverage: estimates[5])
  }

  /// FID infinity with an interval of 1.96 standard errors, from few draws with fewer points per
  /// line, since every point is a Frechet distance.
  private func infinity(
    _ real: FeatureSet, _ generated: FeatureSet, full: Double
  ) throws -> Estimate? {
    let count = min(real.count, generated.count)
    let fewest = FrechetDistanceInfinity.fewestSamples
    guard count >= fewest else { return nil }
    let value = try FrechetDistanceInfinity.between(real, generated, seed: seed, full: full)
    guard count >= 2 * fewest, draws >= 2 else { return Estimate(value: value) }
    let drawn = try (0..<min(draws, Self.infinityDraws)).map { draw in
      let (a, b) = try drawnPair(real, generated, size: fewest, .fidInfinityIntervals, draw)
      return try FrechetDistanceInfinity.between(a, b, sizeCount: Self.infinityDrawSizes) {
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
  private func values(_ real: FeatureSet, _ generated: FeatureSet) throws -> [Double] {
    let near = try NeighborMetrics(real: real, generated: generated, neighbors: neighbors)
    return [
      try FrechetDistance.between(real, generated), try KernelDistance.between(real, generated),
      near.precision, near.recall, near.density, near.coverage,
    ]
  }
}

extension FeatureScores {
  /// Warnings about metrics from few samples, one sentence each.
  public static func warnings(count: Int, dimension: Int = 2048) -> [String] {
    if count < dimension {
      return [
        "FID of \(count) samples is biased upward and its covariance has not full rank: compare it "
          + "only with the control and with sets of the same size (5000 or more are usual)."
      ]
    }
    return count < 5000
      ? ["FID of \(count) samples is biased upward; 5000 or more are usual."] : []
  }
}
