import Foundation

/// Square windows that cover an image and overlap, blended with weights that fall towards their rims.
///
/// Rows are finished from top to bottom, so that memory holds a band of one window's height.
struct OverlappingWindows {
  let width: Int
  let height: Int
  let side: Int
  let overlap: Int

  /// First rows and columns: even steps, the last window ends with the image.
  let rows: [Int]
  let columns: [Int]
  private let weights: [Float]

  /// - Parameter overlap: below half of `side`.
  init(width: Int, height: Int, side: Int, overlap: Int) {
    (self.width, self.height, self.side, self.overlap) = (width, height, side, overlap)
    rows = Self.starts(height, side, overlap)
    columns = Self.starts(width, side, overlap)
    let ramp = (0..<side).map { place in
      min(1, Float(min(place, side - 1 - place) + 1) / Float(overlap + 1))
    }
    weights = (0..<side * side).map { ramp[$0 / side] * ramp[$0 % side] }
  }

  private static func starts(_ length: Int, _ side: Int, _ overlap: Int) -> [Int] {
    guard length > side else { return [0] }
    let count = (length - overlap + side - overlap - 1) / (side - overlap)
    return (0..<count).map { $0 * (length - side) / (count - 1) }
  }

  /// Blends what `body` computes.
  ///
  /// - Parameters:
  ///   - channels: of the result.
  ///   - body: the result [channels, side, side] of the window at a row and a column; it may reach
  ///     beyond an image that is smaller than a window.
  ///   - finish: called with each row, from the first to the last, and its values [channels, width].
  func blend(
    channels: Int, _ body: (_ row: Int, _ column: Int) throws -> [Float],
    finish: (_ row: Int, _ values: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let line = (channels + 1) * width
    // Row r is kept at r % side: [side, channels + 1, width], the weights last.
    var band = [Float](repeating: 0, count: side * line)
    for (number, top) in rows.enumerated() {
      for left in columns {
        let values = try body(top, left)
        band.withUnsafeMutableBufferPointer { band in
          values.withUnsafeBufferPointer { values in
            weights.withUnsafeBufferPointer { weights in
              let count = min(side, width - left)
              for row in 0..<min(side, height - top) {
                let start = (top + row) % side * line + left
                for channel in 0..<channels {
                  let to = start + channel * width
                  let from = (channel * side + row) * side
                  for x in 0..<count { band[to + x] += weights[row * side + x] * values[from + x] }
                }
                let to = start + channels * width
                for x in 0..<count { band[to + x] += weights[row * side + x] }
              }
            }
          }
        }
      }
      let next = number + 1 < rows.count ? rows[number + 1] : height
      for row in top..<min(next, height) {
        let start = row % side * line
        try band.withUnsafeMutableBufferPointer { band in
          let weights = start + channels * width
          for channel in 0..<channels {
            let to = start + channel * width
            for x in 0..<width { band[to + x] /= band[weights + x] }
          }
          try finish(row, UnsafeBufferPointer(rebasing: band[start..<weights]))
          for place in start..<start + line { band[place] = 0 }
        }
      }
    }
  }
}
