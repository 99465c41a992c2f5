extension Raster {
  /// Flips and transposes the grid so that rows run from north to south and columns from west to
  /// east, and adjusts the georeference. A grid that is rotated by other than quarter turns, or
  /// that has no georeference, is not changed.
  /// - Returns: a description of the change for users; `nil` if nothing changed.
  @discardableResult
  public mutating func orientNorthUp() -> String? {
    guard var numbers = georeference?.geotransform else { return nil }
    var turns = [String]()
    if numbers[1] == 0, numbers[5] == 0, numbers[2] != 0, numbers[4] != 0 {
      transpose()
      numbers = [numbers[0], numbers[2], 0, numbers[3], 0, numbers[4]]
      turns.append("rows that ran along x")
    }
    guard numbers[2] == 0, numbers[4] == 0 else { return nil }
    if numbers[5] > 0 {
      for row in 0..<height / 2 { swapRows(row, height - 1 - row) }
      numbers[3] += numbers[5] * Double(height)
      numbers[5] = -numbers[5]
      turns.append("rows from south to north")
    }
    if numbers[1] < 0 {
      for row in 0..<height { values[row * width..<(row + 1) * width].reverse() }
      numbers[0] += numbers[1] * Double(width)
      numbers[1] = -numbers[1]
      turns.append("columns from east to west")
    }
    georeference?.geotransform = numbers
    return turns.isEmpty ? nil : turns.joined(separator: " and ")
  }

  /// Rows become columns.
  mutating func transpose() {
    var result = [Float]()
    result.reserveCapacity(values.count)
    for column in 0..<width {
      for row in 0..<height { result.append(values[row * width + column]) }
    }
    values = result
    swap(&width, &height)
  }

  private mutating func swapRows(_ first: Int, _ second: Int) {
    for column in 0..<width { values.swapAt(first * width + column, second * width + column) }
  }
}
