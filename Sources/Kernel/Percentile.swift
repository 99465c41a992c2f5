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
    let place = Place(fraction, count: sorted.count)
    return value(
      between: Double(sorted[place.below]), and: Double(sorted[place.above]), place.weight,
      rule: rule)
  }

  /// The same of values in any order, of which there is at least one and none is NaN, without
  /// sorting them all.
  package static func value<Value: BinaryFloatingPoint>(
    _ fraction: Double, of values: [Value], rule: Rule
  ) -> Double {
    let place = Place(fraction, count: values.count)
    var values = values
    let (low, high) = values.withUnsafeMutableBufferPointer { values in
      select(place.below, of: values)
      let above = values[place.above...].min() ?? values[place.below]
      return (Double(values[place.below]), Double(above))
    }
    return value(between: low, and: high, place.weight, rule: rule)
  }

  /// The two values that a fraction lies between, by their ranks, and how far it is from the lower.
  private struct Place {
    var below: Int
    var above: Int
    var weight: Double

    init(_ fraction: Double, count: Int) {
      let place = fraction * Double(count - 1)
      below = min(Int(place), count - 1)
      above = min(below + 1, count - 1)
      weight = place - Double(below)
    }
  }

  private static func value(
    between low: Double, and high: Double, _ weight: Double, rule: Rule
  ) -> Double {
    switch rule {
    case .weighted: return low * (1 - weight) + high * weight
    case .stepped: return low + weight * (high - low)
    case .upper: return weight > 0 ? high : low
    }
  }

  /// The middle one of some values, of which there is at least one; the upper of two.
  package static func upperMedian<Value: BinaryFloatingPoint>(_ values: [Value]) -> Double {
    value(0.5, of: values, rule: .upper)
  }

  /// Moves values so that the one of `rank` stands at its place, none greater before it and none
  /// smaller behind (Hoare's selection, the middle of three values as pivot).
  private static func select<Value: BinaryFloatingPoint>(
    _ rank: Int, of values: UnsafeMutableBufferPointer<Value>
  ) {
    var (first, last) = (0, values.count - 1)
    while first < last {
      let (a, b, c) = (values[first], values[(first + last) / 2], values[last])
      let pivot = max(min(a, b), min(max(a, b), c))
      var (low, high) = (first, last)
      while low <= high {
        while values[low] < pivot { low += 1 }
        while pivot < values[high] { high -= 1 }
        if low <= high {
          values.swapAt(low, high)
          low += 1
          high -= 1
        }
      }
      if rank <= high {
        last = high
      } else if rank >= low {
        first = low
      } else {
        return
      }
    }
  }
}
