import Kernel

/// Intervals from draws without replacement.
///
/// The plain bootstrap repeats samples: repeated features are their own neighbors at distance 0 and
/// lower the rank of a covariance, which changes FID, density and coverage by more than the
/// interval. So m of N samples are drawn without repetition, and the spread of the results is
/// scaled from m to N by sqrt(m / (N - m)).
/// Sources: Politis and Romano, "Large sample confidence regions based on subsamples", Annals of
/// Statistics 1994; Shao and Wu, "A general theory for jackknife variance estimation", 1989.
public enum Subsampling {
  /// The largest draw; usually half of the set. The cost of a Frechet distance grows with the cube
  /// of the number of samples.
  package static let largestDraw = 500

  package static func size(of count: Int) -> Int { min(largestDraw, count / 2) }

  /// `size` of `count` indices without repetition, ascending.
  package static func draw(_ size: Int, of count: Int, _ key: CounterRandom) -> [Int] {
    guard size < count else { return Array(0..<count) }
    var random = key
    var indices = Array(0..<count)
    for place in 0..<size { indices.swapAt(place, random.integer(in: place...count - 1)) }
    return indices[..<size].sorted()
  }

  /// The estimate of a value from its values `draws` over draws of `size` of `count` samples.
  /// - Parameter limits: the possible range of the value, to which the interval is clipped.
  package static func estimate(
    _ value: Double, draws: [Double], size: Int, count: Int,
    within limits: ClosedRange<Double> = -.infinity...(.infinity)
  ) -> Estimate {
    guard let error = standardError(of: draws, size: size, count: count) else {
      return Estimate(value: value)
    }
    let scale = scaleToWhole(size, count)
    let mean = draws.reduce(0, +) / Double(draws.count)
    let sorted = draws.sorted()
    func quantile(_ fraction: Double) -> Double {
      Percentile.value(fraction, ofSorted: sorted, rule: .stepped)
    }
    return Estimate(
      value: value, standardError: error,
      low: max(limits.lowerBound, value + (quantile(0.025) - mean) * scale),
      high: min(limits.upperBound, value + (quantile(0.975) - mean) * scale))
  }

  /// The same with 1.96 standard errors on either side, if there are too few draws for quantiles.
  package static func normalEstimate(_ value: Double, draws: [Double], size: Int, count: Int)
    -> Estimate
  {
    guard let error = standardError(of: draws, size: size, count: count) else {
      return Estimate(value: value)
    }
    return Estimate(
      value: value, standardError: error, low: value - 1.96 * error, high: value + 1.96 * error)
  }

  private static func scaleToWhole(_ size: Int, _ count: Int) -> Double {
    (Double(size) / Double(count - size)).squareRoot()
  }

  private static func standardError(of draws: [Double], size: Int, count: Int) -> Double? {
    guard draws.count >= 2, count > size else { return nil }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let squares = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(draws.count - 1)).squareRoot() * scaleToWhole(size, count)
  }
}
