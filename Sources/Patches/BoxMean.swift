import Datasets

/// Downsampling by a whole factor: each result is the mean of the valid pixels of a block.
///
/// Blocks are averaged, not sampled, to avoid aliasing; a block is NaN only if all its pixels are.
/// The same function computes all means, so that a rule gives the same result for a whole scene as
/// for the patch.
package enum BoxMean {
  /// The mean of the valid pixels of the `factor` x `factor` block whose first pixel is `first`.
  @inline(__always)
  static func ofBlock(
    _ values: UnsafeBufferPointer<Float>, first: Int, stride: Int, factor: Int
  ) -> Float {
    if factor == 1 { return values[first] }
    var sum: Float = 0
    var valid: Float = 0
    for row in 0..<factor {
      let start = first + row * stride
      for index in start..<start + factor {
        let value = values[index]
        if !value.isNaN {
          sum += value
          valid += 1
        }
      }
    }
    return valid > 0 ? sum / valid : .nan
  }

  /// The window with corner (`column`, `row`) and `side` x `side` blocks, downsampled.
  ///
  /// - Returns: [side, side] in the grid's unit; the window covers `side * factor` grid pixels.
  package static func window(
    of grid: RateGrid, column: Int, row: Int, side: Int, factor: Int
  ) -> [Float] {
    precondition(
      column >= 0 && row >= 0 && column + side * factor <= grid.width
        && row + side * factor <= grid.height, "the window lies inside the grid")
    return grid.values.withUnsafeBufferPointer { values in
      [Float](unsafeUninitializedCapacity: side * side) { output, count in
        var next = 0
        for blockRow in 0..<side {
          var first = (row + blockRow * factor) * grid.width + column
          for _ in 0..<side {
            output[next] = ofBlock(values, first: first, stride: grid.width, factor: factor)
            next += 1
            first += factor
          }
        }
        count = next
      }
    }
  }
}
