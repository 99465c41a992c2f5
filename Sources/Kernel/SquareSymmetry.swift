/// One of the eight symmetries of the square: an optional left-right mirror, then quarter turns.
public struct SquareSymmetry: Sendable, Equatable, Hashable, Codable {
  /// Whether left and right are first exchanged.
  public let mirrors: Bool
  /// Number of counterclockwise quarter turns after that, 0 to 3.
  public let quarterTurns: Int

  public static let identity = SquareSymmetry(mirrors: false, quarterTurns: 0)
  public static let all: [SquareSymmetry] = [false, true].flatMap { mirrors in
    (0..<4).map { SquareSymmetry(mirrors: mirrors, quarterTurns: $0) }
  }

  /// `values` ([side, side], row-major) under this symmetry; values are not changed.
  public func callAsFunction(_ values: [Float], side: Int) -> [Float] {
    precondition(values.count == side * side, "a square of side x side values")
    guard self != .identity else { return values }
    // The index that output (row 0, column 0) reads, and the steps for one row and one column.
    let last = side - 1
    let (origin, rowStep, columnStep): (Int, Int, Int) =
      switch quarterTurns {
      case 0: (0, side, 1)
      case 1: (last, -1, side)
      case 2: (last * side + last, -side, -1)
      default: (last * side, 1, -side)
      }
    return values.withUnsafeBufferPointer { source in
      [Float](unsafeUninitializedCapacity: side * side) { output, count in
        for row in 0..<side {
          for column in 0..<side {
            var index = origin + row * rowStep + column * columnStep
            if mirrors {
              let sourceColumn = index % side
              index += last - 2 * sourceColumn
            }
            output[row * side + column] = source[index]
          }
        }
        count = side * side
      }
    }
  }
}
