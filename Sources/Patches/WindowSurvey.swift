import Datasets

/// Exact counts of all windows of a scene that pass the rules, for several patch sizes and scales.
public struct WindowSurvey: Sendable, Equatable {
  public struct Window: Sendable, Hashable {
    public var patchSize: Int
    public var factor: Int
  }

  /// Counts for each kind of window; missing if no window fits.
  public private(set) var counts: [Window: RejectionCounts] = [:]

  public init() {}

  /// Uses the rules of `configuration`, with the conditional filter on.
  public init(
    _ grid: RateGrid, patchSizes: [Int], factors: [Int], configuration: PatchLoaderConfiguration
  ) {
    for patchSize in patchSizes {
      for factor in factors {
        let table = WindowTable(
          grid, side: patchSize, factor: factor,
          maximumNoDataShare: configuration.maximumNoDataShare, filter: configuration.filter)
        if let table {
          counts[Window(patchSize: patchSize, factor: factor)] = table.countsWithFilter
        }
      }
    }
  }

  public static func += (total: inout WindowSurvey, more: WindowSurvey) {
    for (window, counts) in more.counts {
      total.counts[window, default: RejectionCounts()] += counts
    }
  }

  public subscript(patchSize: Int, factor: Int) -> RejectionCounts? {
    counts[Window(patchSize: patchSize, factor: factor)]
  }

  /// The fraction of random windows that pass if all scales are drawn equally often; scales at
  /// which no window fits are left out. `nil` if no window fits at any scale.
  public func acceptance(patchSize: Int) -> Double? {
    let shares = counts.filter { $0.key.patchSize == patchSize }.map(\.value.acceptance)
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
  }
}
