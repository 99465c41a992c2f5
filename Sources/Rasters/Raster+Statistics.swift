import Kernel

/// Statistics of the finite values of a raster.
public struct RasterStatistics: Sendable, Equatable, Codable {
  /// The number of finite values; the other figures refer to them.
  public var count: Int
  public var minimum: Float
  public var maximum: Float
  public var mean: Double
  /// Percentiles, interpolated linearly as in NumPy.
  public var percentile1: Float
  public var median: Float
  public var percentile99: Float
  /// The 99.5th percentile of |value|.
  public var absolutePercentile995: Float
}

extension Raster {
  /// `nil` if no value is finite.
  public var statistics: RasterStatistics? {
    var finite = values.filter { $0.isFinite }
    guard !finite.isEmpty else { return nil }
    finite.sortAscending()
    let sum = finite.reduce(0.0) { $0 + Double($1) }
    // |value| in order: the negatives are already sorted, backwards.
    let absolute = finite.map { abs($0) }.ascending()
    return RasterStatistics(
      count: finite.count, minimum: finite[0], maximum: finite[finite.count - 1],
      mean: sum / Double(finite.count), percentile1: Self.percentile(1, ofSorted: finite),
      median: Self.percentile(50, ofSorted: finite),
      percentile99: Self.percentile(99, ofSorted: finite),
      absolutePercentile995: Self.percentile(99.5, ofSorted: absolute))
  }

  /// In the sorted values of which there is at least one.
  package static func percentile(_ percent: Double, ofSorted values: [Float]) -> Float {
    Float(Percentile.value(percent / 100, ofSorted: values, rule: .weighted))
  }
}
