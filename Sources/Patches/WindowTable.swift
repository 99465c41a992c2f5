import Datasets

/// For every position of a window in a scene: whether the rules accept the patch.
///
/// The window covers `side * factor` scene pixels and may start at any of them, whatever the
/// factor: the blocks of a window that starts at (x, y) are those of the scene cut at (x mod
/// factor, y mod factor), so factor x factor cuts cover all windows. Quiet and empty blocks are
/// counted once in an integral image for each cut; then a window needs four look-ups, and the
/// result is the same as counting its pixels. One byte per position is stored.
struct WindowTable: Sendable {
  /// The rules that a window fails; it may fail both.
  struct Verdict: OptionSet, Sendable {
    let rawValue: UInt8
    static let tooMuchNoData = Verdict(rawValue: 1)
    static let failsFilter = Verdict(rawValue: 2)
  }

  /// Number of positions along x and y.
  let columns: Int
  let rows: Int
  /// [rows, columns]
  private(set) var verdicts: [UInt8]
  /// Counts of windows with the conditional filter on, and with it off.
  let countsWithFilter: RejectionCounts
  let countsWithoutFilter: RejectionCounts

  var places: Int { columns * rows }

  /// `nil` if the scene is smaller than the window.
  init?(
    _ grid: RateGrid, side: Int, factor: Int, maximumNoDataShare: Double, filter: ConditionalFilter
  ) {
    let columns = grid.width - side * factor + 1
    let rows = grid.height - side * factor + 1
    guard columns > 0, rows > 0 else { return nil }
    self.columns = columns
    self.rows = rows
    var verdicts = [UInt8](repeating: 0, count: columns * rows)
    let pixels = side * side
    for phaseY in 0..<min(factor, rows) {
      for phaseX in 0..<min(factor, columns) {
        let cut = BlockCounts(
          grid, phaseX: phaseX, phaseY: phaseY, factor: factor, filter: filter)
        for y in stride(from: phaseY, to: rows, by: factor) {
          for x in stride(from: phaseX, to: columns, by: factor) {
            let (empty, quiet) = cut.inWindow(column: x / factor, row: y / factor, side: side)
            var verdict: Verdict = []
            if Double(empty) / Double(pixels) > maximumNoDataShare {
              verdict.insert(.tooMuchNoData)
            }
            if !filter.keeps(quiet: quiet, valid: pixels - empty) { verdict.insert(.failsFilter) }
            verdicts[y * columns + x] = verdict.rawValue
          }
        }
      }
    }
    self.verdicts = verdicts
    var withFilter = RejectionCounts()
    var withoutFilter = RejectionCounts()
    for raw in verdicts {
      let verdict = Verdict(rawValue: raw)
      withFilter.count(Self.firstBroken(verdict, filterIsOn: true))
      withoutFilter.count(Self.firstBroken(verdict, filterIsOn: false))
    }
    countsWithFilter = withFilter
    countsWithoutFilter = withoutFilter
  }

  func brokenRule(column: Int, row: Int, filterIsOn: Bool) -> RejectionRule? {
    Self.firstBroken(Verdict(rawValue: verdicts[row * columns + column]), filterIsOn: filterIsOn)
  }

  private static func firstBroken(_ verdict: Verdict, filterIsOn: Bool) -> RejectionRule? {
    if verdict.contains(.tooMuchNoData) { return .noData }
    return filterIsOn && verdict.contains(.failsFilter) ? .filter : nil
  }
}

extension RejectionCounts {
  /// Counts one more window, rejected by `rule` or accepted.
  mutating func count(_ rule: RejectionRule?) {
    if let rule { self[rule] += 1 } else { accepted += 1 }
  }
}

/// Integral images of the empty and the quiet blocks of one cut of a scene.
private struct BlockCounts {
  /// [blockRows + 1, blockColumns + 1]: the count among all blocks above and to the left.
  private var empty: [Int32]
  private var quiet: [Int32]
  private let stride: Int

  init(_ grid: RateGrid, phaseX: Int, phaseY: Int, factor: Int, filter: ConditionalFilter) {
    let blockColumns = (grid.width - phaseX) / factor
    let blockRows = (grid.height - phaseY) / factor
    let stride = blockColumns + 1
    var empty = [Int32](repeating: 0, count: stride * (blockRows + 1))
    var quiet = empty
    grid.values.withUnsafeBufferPointer { values in
      for row in 0..<blockRows {
        var emptyInRow: Int32 = 0
        var quietInRow: Int32 = 0
        var first = (phaseY + row * factor) * grid.width + phaseX
        for column in 0..<blockColumns {
          let mean = BoxMean.ofBlock(values, first: first, stride: grid.width, factor: factor)
          first += factor
          if mean.isNaN { emptyInRow += 1 }
          if filter.isQuiet(mean) { quietInRow += 1 }
          let above = row * stride + column + 1
          empty[above + stride] = empty[above] + emptyInRow
          quiet[above + stride] = quiet[above] + quietInRow
        }
      }
    }
    self.empty = empty
    self.quiet = quiet
    self.stride = stride
  }

  func inWindow(column: Int, row: Int, side: Int) -> (empty: Int, quiet: Int) {
    let top = row * stride + column
    let bottom = top + side * stride
    func sum(_ image: [Int32]) -> Int {
      Int(image[bottom + side] - image[bottom] - image[top + side] + image[top])
    }
    return (sum(empty), sum(quiet))
  }
}
