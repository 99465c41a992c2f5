import Kernel

/// Statistics of a rate map in cm/yr; pixels without data count only in `noDataShare`.
public struct RateStatistics: Sendable, Equatable, Codable {
  public var validPixels: Int
  /// 0 to 1.
  public var noDataShare: Double
  public var minimum: Double
  public var maximum: Double
  public var mean: Double
  /// Population standard deviation (divided by n), as NumPy's `std`.
  public var standardDeviation: Double
  /// Percentiles by percentage, such as `"99.5"`; interpolated linearly, as NumPy's `percentile`.
  public var percentiles: [String: Double]

  public static let percents: [Double] = [0.5, 1, 5, 25, 50, 75, 95, 99, 99.5]

  /// `nil` if no value is valid.
  public init?(_ values: [Float]) {
    let sorted = values.filter { !$0.isNaN }.ascending()
    guard let lowest = sorted.first, let highest = sorted.last else { return nil }
    validPixels = sorted.count
    noDataShare = Double(values.count - sorted.count) / Double(values.count)
    minimum = Double(lowest)
    maximum = Double(highest)
    let mean = sorted.reduce(0.0) { $0 + Double($1) } / Double(sorted.count)
    let squares = sorted.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    self.mean = mean
    standardDeviation = (squares / Double(sorted.count)).squareRoot()
    percentiles = Dictionary(
      uniqueKeysWithValues: Self.percents.map { percent in
        let label = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
        return (label, Self.percentile(percent, ofSorted: sorted))
      })
  }

  /// The percentile of `sorted`, which is ascending and not empty.
  public static func percentile(_ percent: Double, ofSorted sorted: [Float]) -> Double {
    Percentile.value(percent / 100, ofSorted: sorted, rule: .weighted)
  }
}
