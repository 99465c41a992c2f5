import Testing

@testable import Datasets
@testable import Patches

@Suite struct WindowTableTests {
  @Test(arguments: [1, 2, 3], ConditionalFilter.Direction.allCases)
  func verdictsAreThoseOfCountingEachWindow(
    factor: Int, keep: ConditionalFilter.Direction
  ) throws {
    var grid = syntheticGrid(width: 53, height: 47, amplitude: 9, holeShare: 0.1)
    for row in 20..<27 {
      for column in 5..<14 { grid.values[row * 53 + column] = .nan }
    }
    var filter = ConditionalFilter(keep: keep)
    let side = 9
    filter.theta = medianQuietShare(grid, side: side, factor: factor, filter)
    let table = try #require(
      WindowTable(
        grid, side: side, factor: factor, maximumNoDataShare: factor == 1 ? 0.15 : 0.01,
        filter: filter))
    #expect(table.columns == 53 - side * factor + 1 && table.rows == 47 - side * factor + 1)
    var on = RejectionCounts()
    var off = RejectionCounts()
    for row in 0..<table.rows {
      for column in 0..<table.columns {
        let window = BoxMean.window(
          of: grid, column: column, row: row, side: side, factor: factor)
        let (quiet, valid) = filter.count(window)
        let empty = window.count - valid
        let tooEmpty = Double(empty) / 81 > (factor == 1 ? 0.15 : 0.01)
        let withFilter: RejectionRule? =
          tooEmpty ? .noData : filter.keeps(quiet: quiet, valid: valid) ? nil : .filter
        #expect(table.brokenRule(column: column, row: row, filterIsOn: true) == withFilter)
        #expect(
          table.brokenRule(column: column, row: row, filterIsOn: false)
            == (tooEmpty ? .noData : nil))
        on.count(withFilter)
        off.count(tooEmpty ? .noData : nil)
      }
    }
    #expect(table.countsWithFilter == on && table.countsWithoutFilter == off)
    #expect(on.accepted > 0 && on.filter > 0 && on.noData > 0)  // the case tests something
  }

  /// A theta that half of the windows are above.
  private func medianQuietShare(
    _ grid: RateGrid, side: Int, factor: Int, _ filter: ConditionalFilter
  ) -> Double {
    var shares: [Double] = []
    for row in 0...grid.height - side * factor {
      for column in 0...grid.width - side * factor {
        let window = BoxMean.window(
          of: grid, column: column, row: row, side: side, factor: factor)
        let (quiet, valid) = filter.count(window)
        if valid > 0 { shares.append(Double(quiet) / Double(valid)) }
      }
    }
    return shares.sorted()[shares.count / 2]
  }

  @Test func aSceneSmallerThanTheWindowHasNone() {
    let grid = syntheticGrid(width: 20, height: 15)
    func table(_ side: Int, _ factor: Int) -> WindowTable? {
      WindowTable(
        grid, side: side, factor: factor, maximumNoDataShare: 0.1, filter: ConditionalFilter())
    }
    #expect(table(16, 1) == nil && table(8, 2) == nil)
    #expect(table(15, 1)?.places == 6 && table(7, 2)?.places == 14)
  }
}
