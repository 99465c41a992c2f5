import CPhaseLoops

/// From coefficients of cubic B-splines on a coarse line to values at places between them.
struct SplineMap: Sendable {
  /// The first of the four coefficients of each place.
  private let starts: [Int32]
  /// [4, count]
  private let weights: [Float]

  /// Coefficients needed for `count` places at 1, 1 + `step`, 1 + 2 `step`, ...
  static func length(count: Int, step: Double) -> Int {
    Int(1 + Double(max(count, 1) - 1) * step) + 3
  }

  init(count: Int, step: Double) {
    var starts = [Int32](repeating: 0, count: count)
    var weights = [Float](repeating: 0, count: 4 * count)
    for index in 0..<count {
      let place = 1 + Double(index) * step
      let t = place - place.rounded(.down)
      let rest = 1 - t
      starts[index] = Int32(place) - 1
      weights[index] = Float(rest * rest * rest / 6)
      weights[count + index] = Float((3 * t * t * t - 6 * t * t + 4) / 6)
      weights[2 * count + index] = Float((3 * rest * rest * rest - 6 * rest * rest + 4) / 6)
      weights[3 * count + index] = Float(t * t * t / 6)
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
    let coarseRows = coarse.count / coarseColumns
    withUnsafeTemporaryAllocation(of: Float.self, capacity: coarseRows * across.count) { wide in
      cpl_add_spline(
        coarse, coarseRows, coarseColumns, down.starts, down.weights, across.starts,
        across.weights, factor, wide.baseAddress, out, down.count, across.count)
    }
  }
}
