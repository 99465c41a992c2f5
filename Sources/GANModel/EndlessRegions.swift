import Kernel
import TorchCore

/// Regions of an endless map with labels of their own: squares of a fixed lattice, whose borders
/// are blurred and wind by up to 64 px.
struct EndlessRegions {
  struct Position: Hashable {
    let row: Int
    let column: Int
  }

  /// Side of a region in pixels of the base map, a multiple of 256.
  let side: Int
  let seed: UInt64
  let map: Int

  /// Half the width of the zone in which one region becomes the other, and the farthest that its
  /// middle lies from the lattice. Together they are half a tile, so that few tiles see several
  /// regions.
  private static let blur = 64
  private static let wander = 64
  /// Distance of the places at which a border's course is drawn.
  private static let step = 128

  /// The first pixel of the part of a region from which its statistics are taken, along one axis.
  func referenceStart(_ number: Int) -> Int {
    (number * side + side / 2).floorDivided(by: EndlessMap.tileSide) * EndlessMap.tileSide
      - EndlessMap.tileSide
  }

  /// Regions that have a part in pixels, along one axis.
  func numbers(_ pixels: Range<Int>) -> Range<Int> {
    pixels.extended(by: Self.blur + Self.wander - 1).numbers(of: side)
  }

  /// The part that each region has in each pixel, row-major; they add up to 1. A single region has
  /// no plane of its own.
  func weights(rows: Range<Int>, columns: Range<Int>) -> [(region: Position, plane: [Float]?)] {
    let (regionRows, regionColumns) = (numbers(rows), numbers(columns))
    let regions = regionRows.flatMap { row in
      regionColumns.map { Position(row: row, column: $0) }
    }
    guard regions.count > 1 else { return regions.map { ($0, nil) } }
    var planes = regions.map { _ in [Float](repeating: 0, count: rows.count * columns.count) }
    let course = Course(self, rows: rows, columns: columns)
    for (i, row) in rows.enumerated() {
      for (j, column) in columns.enumerated() {
        let (down, across) = course(row, column)
        let vertical = part(Double(row) + down)
        let horizontal = part(Double(column) + across)
        for (r, rowWeight) in [
          (vertical.first, 1 - vertical.next), (vertical.first + 1, vertical.next),
        ]
        where rowWeight > 0 {
          for (c, columnWeight) in [
            (horizontal.first, 1 - horizontal.next), (horizontal.first + 1, horizontal.next),
          ] where columnWeight > 0 {
            let number =
              (r - regionRows.lowerBound) * regionColumns.count + c - regionColumns.lowerBound
            planes[number][i * columns.count + j] = Float(rowWeight * columnWeight)
          }
        }
      }
    }
    return zip(regions, planes).map { ($0, $1) }
  }

  /// The region at a place along one axis and the weight of the one after it.
  private func part(_ place: Double) -> (first: Int, next: Double) {
    let first = ((place - Double(side) / 2) / Double(side)).rounded(.down)
    // From the border between the two regions, which are those before and after half a side.
    let t = (place - (first + 1) * Double(side)) / Double(Self.blur)
    let x = min(1, max(0, (t + 1) / 2))
    return (Int(first), x * x * (3 - 2 * x))
  }

  /// How far the borders are from the lattice, at each pixel: smooth between random numbers at
  /// places of a lattice.
  private struct Course {
    private let firstRow: Int
    private let firstColumn: Int
    private let width: Int
    private let values: [(down: Double, across: Double)]

    init(_ regions: EndlessRegions, rows: Range<Int>, columns: Range<Int>) {
      let step = EndlessRegions.step
      let (r, c) = (rows.numbers(of: step), columns.numbers(of: step))
      (firstRow, firstColumn, width) = (r.lowerBound, c.lowerBound, c.count + 1)
      values = (r.lowerBound...r.upperBound).flatMap { row in
        (c.lowerBound...c.upperBound).map { column in
          var random = CounterRandom(
            regions.seed, .fieldRegionBorders, UInt64(regions.map),
            UInt64(bitPattern: Int64(row)), UInt64(bitPattern: Int64(column)))
          let wander = Double(EndlessRegions.wander)
          return ((random.uniform() * 2 - 1) * wander, (random.uniform() * 2 - 1) * wander)
        }
      }
    }

    func callAsFunction(_ row: Int, _ column: Int) -> (down: Double, across: Double) {
      let step = EndlessRegions.step
      let (i, j) = (row.floorDivided(by: step), column.floorDivided(by: step))
      func smooth(_ x: Double) -> Double { x * x * (3 - 2 * x) }
      let y = smooth(Double(row - i * step) / Double(step))
      let x = smooth(Double(column - j * step) / Double(step))
      let corner = (i - firstRow) * width + j - firstColumn
      func mixed(_ value: ((down: Double, across: Double)) -> Double) -> Double {
        let above = value(values[corner]) * (1 - x) + value(values[corner + 1]) * x
        let below = value(values[corner + width]) * (1 - x) + value(values[corner + width + 1]) * x
        return above * (1 - y) + below * y
      }
      return (mixed(\.down), mixed(\.across))
    }
  }
}
