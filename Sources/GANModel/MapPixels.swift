import TorchCore

/// The pixels of a part of a map, filled tile by tile.
struct MapPixels {
  let rows: Range<Int>
  let columns: Range<Int>
  /// Row-major.
  private(set) var values: [Float]

  init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
    values = [Float](repeating: 0, count: rows.count * columns.count)
  }

  /// Puts a tile [..., tileRows.count, tileColumns.count] in its place; what lies outside is left
  /// out.
  mutating func place(_ tile: Tensor, rows tileRows: Range<Int>, columns tileColumns: Range<Int>)
    throws
  {
    let inRows = tileRows.clamped(to: rows)
    let inColumns = tileColumns.clamped(to: columns)
    try tile.withFloats { floats in
      for row in inRows {
        let from =
          (row - tileRows.lowerBound) * tileColumns.count + inColumns.lowerBound
          - tileColumns.lowerBound
        let to = (row - rows.lowerBound) * columns.count + inColumns.lowerBound - columns.lowerBound
        values.replaceSubrange(
          to..<to + inColumns.count, with: floats[from..<from + inColumns.count])
      }
    }
  }
}

extension Range<Int> {
  func multiplied(by factor: Int) -> Range<Int> { lowerBound * factor..<upperBound * factor }
}
