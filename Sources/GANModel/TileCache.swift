import TorchCore

/// Parts of an endless plane of pixels, put together from square tiles of a fixed lattice.
///
/// A tile is drawn as far as it is needed, and kept: parts that are asked for from top to bottom
/// and from left to right, each up to the end of a tile, draw no pixel twice.
final class TileCache {
  private struct Position: Hashable {
    let row: Int
    let column: Int
  }

  private struct Tile {
    let rows: Range<Int>
    let columns: Range<Int>
    let values: Tensor
  }

  private let side: Int
  private let offset: Int
  private let grain: Int
  private let device: Device
  private var tiles: [Position: Tile] = [:]

  /// - Parameters:
  ///   - side: of a tile in pixels.
  ///   - offset: the row and column at which a tile begins.
  ///   - grain: tiles are drawn in multiples of so many pixels, counted from their corner; it divides
  ///     `side`.
  init(side: Int, offset: Int = 0, grain: Int, device: Device) {
    self.side = side
    self.offset = offset
    self.grain = grain
    self.device = device
  }

  /// Rows of pixels of those tiles that a part needs.
  func covering(_ rows: Range<Int>) -> Range<Int> {
    rows.shifted(by: -offset).numbers(of: side).multiplied(by: side).shifted(by: offset)
  }

  /// Forgets tiles without a row among `rows`.
  func keep(_ rows: Range<Int>) { tiles = tiles.filter { $0.value.rows.overlaps(rows) } }

  /// - Parameter draw: the pixels of some rows and columns, [1, C, rows, columns].
  /// - Returns: [1, C, rows.count, columns.count].
  func part(
    _ rows: Range<Int>, _ columns: Range<Int>,
    _ draw: (_ rows: Range<Int>, _ columns: Range<Int>) throws -> Tensor
  ) throws -> Tensor {
    var result: Tensor?
    for row in rows.shifted(by: -offset).numbers(of: side) {
      for column in columns.shifted(by: -offset).numbers(of: side) {
        let ownRows = rows.clamped(to: row * side + offset..<(row + 1) * side + offset)
        let ownColumns = columns.clamped(to: column * side + offset..<(column + 1) * side + offset)
        let tile = try tile(Position(row: row, column: column), ownRows, ownColumns, draw)
        let whole =
          try result
          ?? Tensor.zeros(
            [1, tile.values.shape[1], rows.count, columns.count], device: device)
        result = whole
        try Self.cut(whole, at: (rows, columns), ownRows, ownColumns)
          .copy(from: Self.cut(tile.values, at: (tile.rows, tile.columns), ownRows, ownColumns))
      }
    }
    guard let result else { preconditionFailure("a part of a map without pixels") }
    return result
  }

  private func tile(
    _ position: Position, _ rows: Range<Int>, _ columns: Range<Int>,
    _ draw: (Range<Int>, Range<Int>) throws -> Tensor
  ) throws -> Tile {
    if let tile = tiles[position], tile.rows.contains(rows), tile.columns.contains(columns) {
      return tile
    }
    func rounded(_ pixels: Range<Int>) -> Range<Int> {
      pixels.shifted(by: -offset).numbers(of: grain).multiplied(by: grain).shifted(by: offset)
    }
    let (rows, columns) = (rounded(rows), rounded(columns))
    let tile = Tile(rows: rows, columns: columns, values: try draw(rows, columns))
    tiles[position] = tile
    return tile
  }

  private static func cut(
    _ values: Tensor, at place: (rows: Range<Int>, columns: Range<Int>), _ rows: Range<Int>,
    _ columns: Range<Int>
  ) throws -> Tensor {
    try values.narrow(2, from: rows.lowerBound - place.rows.lowerBound, length: rows.count)
      .narrow(3, from: columns.lowerBound - place.columns.lowerBound, length: columns.count)
  }
}

extension Range<Int> {
  /// The numbers of the parts of a lattice, each `side` long, in which this range lies.
  func numbers(of side: Int) -> Range<Int> {
    let first = lowerBound.floorDivided(by: side)
    return first..<Swift.max(first, (upperBound - 1).floorDivided(by: side) + 1)
  }

  func shifted(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }

  /// This range in consecutive parts that end at multiples of `length`.
  func parts(endingAt length: Int) -> [Range<Int>] {
    numbers(of: length).map { clamped(to: $0 * length..<($0 + 1) * length) }
  }
}
