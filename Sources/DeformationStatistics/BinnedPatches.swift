import Kernel

/// Equal bins over a range of values.
public struct Bins: Sendable, Equatable, Codable {
  public let low: Double
  public let high: Double
  public let count: Int
  public var width: Double { (high - low) / Double(count) }

  /// - Throws: `DeformationStatisticsError.invalidSetting` unless the range is finite and rising.
  public init(low: Double, high: Double, count: Int) throws {
    guard count >= 1, low.isFinite, high.isFinite, high > low else {
      throw DeformationStatisticsError.invalidSetting(
        name: "bins", value: "\(count) from \(low) to \(high)",
        remedy: "give one or more, and an increasing range.")
    }
    (self.low, self.high, self.count) = (low, high, count)
  }

  /// Bins that cover all values of the given lists; if there is a single value, their range is one
  /// unit wide.
  init(covering lists: [[Float]], count: Int) throws {
    var (low, high) = (Float.infinity, -Float.infinity)
    for list in lists {
      for value in list { (low, high) = (min(low, value), max(high, value)) }
    }
    let spare = low == high ? 0.5 : 0
    try self.init(low: Double(low) - spare, high: Double(high) + spare, count: count)
  }

  /// The bin of a value; the last bin includes its upper end.
  @inline(__always)
  func index(_ value: Float) -> Int {
    let place = (Double(value) - low) / (high - low) * Double(count)
    return max(0, min(count - 1, Int(place)))
  }
}

/// The number of values of each patch in each bin, for resampling of patches.
public struct BinnedPatches: Sendable {
  public let bins: Bins
  /// [N][bins.count]
  let counts: [[UInt32]]
  var patchCount: Int { counts.count }

  /// Counts `values` (one list per patch); `bins` must cover them all.
  init(_ values: [[Float]], bins: Bins) {
    self.bins = bins
    counts = Parallel.map(values.count) { index in
      var counts = [UInt32](repeating: 0, count: bins.count)
      for value in values[index] { counts[bins.index(value)] += 1 }
      return counts
    }
  }

  /// The counts of all patches, each multiplied by `weights[i]` (or 1).
  func total(weights: [Int32]? = nil) -> [Double] {
    var total = [UInt64](repeating: 0, count: bins.count)
    for (patch, counts) in counts.enumerated() {
      let weight = UInt64(weights?[patch] ?? 1)
      guard weight > 0 else { continue }
      for k in counts.indices { total[k] &+= weight &* UInt64(counts[k]) }
    }
    return total.map(Double.init)
  }
}
