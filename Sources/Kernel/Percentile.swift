/// Values below which a fraction of a sample lies.
package enum Percentile {
  /// How a place between two values is rounded. `weighted` and `stepped` are the same line and may
  /// differ in the last digit, which files of a fixed seed keep.
  package enum Rule: Sendable {
    /// a (1 - t) + b t. Statistics of rate maps, color limits, harmonization of datasets.
    case weighted
    /// a + t (b - a). Intervals of metrics and of deformation statistics.
    case stepped
    /// The value at or above the place: for 0.5 the upper of two middle values. Medians of measured
    /// times, of distances between features, and of temporal coherence.
    case upper
  }

  /// The value at `fraction` (0 to 1) of the way through the ascending `sorted` values, of which
  /// there is at least one. The first is at 0 and the last at 1, as in NumPy's `percentile`.
  package static func value<Value: BinaryFloatingPoint>(
    _ fraction: Double, ofSorted sorted: [Value], rule: Rule
  ) -> Double {
    let last = sorted.count - 1
    let place = fraction * Double(last)
    let below = min(Int(place), last)
    let (low, high) = (Double(sorted[below]), Double(sorted[min(below + 1, last)]))
    let weight = place - Double(below)
    switch rule {
    case .weighted: return low * (1 - weight) + high * weight
    case .stepped: return low + weight * (high - low)
    case .upper: return weight > 0 ? high : low
    }
  }

  /// The middle one of some values, of which there is at least one; the upper of two.
  package static func upperMedian<Value: BinaryFloatingPoint>(_ values: [Value]) -> Double {
    value(0.5, ofSorted: values.sorted(), rule: .upper)
  }
}
