import Datasets

/// How all windows of a scene fare with the rules, for several patch sizes and scales: what a random
/// draw would meet, counted exactly.
public struct WindowSurvey: Sendable, Equatable {
  public struct Window: Sendable, Hashable {
    public var patchSize: Int
    public var factor: Int
  }

  /// For each kind of window; missing where none fits.
  public private(set) var counts: [Window: RejectionCounts] = [:]

  public init() {}

  /// Takes the rules from `configuration`, with the conditional filter on.
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

  /// The share of random windows that pass when each scale is drawn equally often; scales at which
  /// nothing fits are left out. `nil` where nothing fits at all.
  public func acceptance(patchSize: Int) -> Double? {
    let shares = counts.filter { $0.key.patchSize == patchSize }.map(\.value.acceptance)
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
  }
}
