/// From coefficients of cubic B-splines on a coarse line to values at places between them.
struct SplineMap: Sendable {
  /// The first of the four coefficients of each place.
  private let starts: [Int]
  /// Four for each place.
  private let weights: [Float]

  /// Coefficients needed for `count` places at 1, 1 + `step`, 1 + 2 `step`, ...
  static func length(count: Int, step: Double) -> Int {
    Int(1 + Double(max(count, 1) - 1) * step) + 3
  }

  init(count: Int, step: Double) {
    var starts: [Int] = []
    var weights: [Float] = []
    for index in 0..<count {
      let place = 1 + Double(index) * step
      let t = place - place.rounded(.down)
      let rest = 1 - t
      starts.append(Int(place) - 1)
      weights += [
        Float(rest * rest * rest / 6), Float((3 * t * t * t - 6 * t * t + 4) / 6),
        Float((3 * rest * rest * rest - 6 * rest * rest + 4) / 6), Float(t * t * t / 6),
      ]
    }
    self.starts = starts
    self.weights = weights
  }

  var count: Int { starts.count }

  /// `out` [down.count, across.count] becomes (out + values of `coarse`) * factor; `coarse` is
  /// [SplineMap.length rows, `coarseColumns`].
  static func add(
    _ coarse: [Float], coarseColumns: Int, down: SplineMap, across: SplineMap,
    to out: UnsafeMutablePointer<Float>, factor: Float
  ) {
    let columns = across.count
    let coarseRows = coarse.count / coarseColumns
    let wide = Planes.filled(coarseRows * columns) { wide in
      for row in 0..<coarseRows {
        for column in 0..<columns {
          let start = row * coarseColumns + across.starts[column]
          let w = 4 * column
          let left = across.weights[w] * coarse[start] + across.weights[w + 1] * coarse[start + 1]
          let right =
            across.weights[w + 2] * coarse[start + 2] + across.weights[w + 3] * coarse[start + 3]
          wide[row * columns + column] = left + right
        }
      }
    }
    wide.withUnsafeBufferPointer { wide in
      for row in 0..<down.count {
        let line = out + row * columns
        let first = wide.baseAddress! + down.starts[row] * columns
        let (second, third, fourth) = (
          first + columns, first + 2 * columns, first + 3 * columns
        )
        let a = down.weights[4 * row] * factor
        let b = down.weights[4 * row + 1] * factor
        let c = down.weights[4 * row + 2] * factor
        let d = down.weights[4 * row + 3] * factor
        for column in 0..<columns {
          let sum =
            (a * first[column] + b * second[column]) + (c * third[column] + d * fourth[column])
          line[column] = line[column] * factor + sum
        }
      }
    }
  }
}
