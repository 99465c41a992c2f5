import Datasets
import Rasters

/// Exact counts of all windows of a scene that pass the rules, for several patch sizes and scales.
package struct WindowSurvey: Sendable, Equatable {
  package struct Window: Sendable, Hashable {
    package var patchSize: Int
    package var factor: Int
  }

  /// Counts for each kind of window; missing if no window fits.
  package private(set) var counts: [Window: RejectionCounts] = [:]

  package init() {}

  /// Uses the rules of `configuration`, with the conditional filter on for rates.
  package init(
    _ grid: RateGrid, patchSizes: [Int], factors: [Int], configuration: PatchLoaderConfiguration,
    quantity: Quantity = .rate
  ) {
    var filter = configuration.filter
    if quantity != .rate { (filter.theta, filter.keep) = (1, .atMostTheta) }
    for patchSize in patchSizes {
      for factor in factors {
        let table = WindowTable(
          grid, side: patchSize, factor: factor,
          maximumNoDataShare: configuration.maximumNoDataShare, filter: filter)
        if let table {
          counts[Window(patchSize: patchSize, factor: factor)] = table.countsWithFilter
        }
      }
    }
  }

  package static func += (total: inout WindowSurvey, more: WindowSurvey) {
    for (window, counts) in more.counts {
      total.counts[window, default: RejectionCounts()] += counts
    }
  }

  package subscript(patchSize: Int, factor: Int) -> RejectionCounts? {
    counts[Window(patchSize: patchSize, factor: factor)]
  }

  /// The fraction of random windows that pass if all scales are drawn equally often; scales at
  /// which no window fits are left out. `nil` if no window fits at any scale.
  package func acceptance(patchSize: Int) -> Double? {
    let shares = counts.filter { $0.key.patchSize == patchSize }.map(\.value.acceptance)
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
  }
}
