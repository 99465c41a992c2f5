import CPatternScan

/// Compares a pattern with an image, a row of neighboring places at a time.
struct PatternScan {
  /// Row-major; NaN where there is no data.
  private let image: [Float]
  private let width: Int
  private let rows: Range<Int>
  private let columns: Range<Int>
  private let blocksInRow: Int
  /// Index of each pixel of the pattern relative to the place.
  private let offsets: [Int]
  private let values: [Float]
  private let weights: [Float]

  /// Places in a block.
  private static let lanes = Int(CPS_PLACES)

  init(_ image: [Float], width: Int, height: Int, _ pattern: DirectSampling.Pattern) {
    self.image = image
    self.width = width
    rows = max(0, -(pattern.rows.min() ?? 0))..<height - max(0, pattern.rows.max() ?? 0)
    columns = max(0, -(pattern.columns.min() ?? 0))..<width - max(0, pattern.columns.max() ?? 0)
    blocksInRow = (columns.count + Self.lanes - 1) / Self.lanes
    offsets = zip(pattern.rows, pattern.columns).map { $0 * width + $1 }
    values = pattern.values
    weights = pattern.weights
  }

  var blockCount: Int { rows.count * blocksInRow }

  /// Places in all blocks.
  var placeCount: Int { rows.count * columns.count }

  /// A step from block to block that visits each once: near the golden section of their number, and
  /// without a common divisor.
  var stride: Int {
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    var stride = max(1, Int(Double(blockCount) * 0.618))
    while divisor(stride, blockCount) != 1 { stride += 1 }
    return stride
  }

  /// Calls `body` with the places of a block, from the given one on and around, whose weighted mean
  /// square difference from the pattern is below `limit`, until it returns `false`. Places whose
  /// pattern or value has no data are left out.
  func visit(
    _ block: Int, from firstLane: Int, below limit: Float,
    _ body: (_ place: Int, _ square: Float) -> Bool
  ) {
    let (row, part) = block.quotientAndRemainder(dividingBy: blocksInRow)
    // The last block of a row ends with the row; narrow rows have one block.
    let start = max(
      columns.lowerBound,
      min(columns.lowerBound + part * Self.lanes, columns.upperBound - Self.lanes))
    let count = min(Self.lanes, columns.upperBound - start)
    let first = (rows.lowerBound + row) * width + start
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.lanes) { squares in
      image.withUnsafeBufferPointer { pixels in
        let base = pixels.baseAddress! + first
        if count == Self.lanes {
          guard
            cps_squares(
              base, offsets, values, weights, offsets.count, limit, squares.baseAddress!)
          else { return }
        } else {
          for lane in 0..<count { squares[lane] = square(base + lane) }
        }
        for step in 0..<count {
          let lane = (firstLane + step) % count
          guard squares[lane] < limit, !base[lane].isNaN else { continue }
          if !body(first + lane, squares[lane]) { return }
        }
      }
    }
  }

  private func square(_ place: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for index in offsets.indices {
      let difference = place[offsets[index]] - values[index]
      sum += weights[index] * difference * difference
    }
    return sum
  }
}
