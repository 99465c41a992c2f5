import Foundation

/// What takes long wavelengths from a map without a network.
enum SurfaceRemoval {
  /// The values less their best plane, by least squares over the finite ones; NaN stays.
  static func withoutPlane(_ values: [Float], width: Int) -> [Float] {
    // Centered coordinates: the normal equations of constant, column and row.
    let height = values.count / max(1, width)
    func place(_ pixel: Int) -> (x: Double, y: Double) {
      (Double(pixel % width) - Double(width) / 2, Double(pixel / width) - Double(height) / 2)
    }
    var sums = [[Double]](repeating: [Double](repeating: 0, count: 4), count: 3)
    for pixel in values.indices where values[pixel].isFinite {
      let (x, y) = place(pixel)
      let terms = [1, x, y]
      for row in 0..<3 {
        for column in 0..<3 { sums[row][column] += terms[row] * terms[column] }
        sums[row][3] += terms[row] * Double(values[pixel])
      }
    }
    guard let plane = solved(sums) else { return values }
    return values.indices.map { pixel in
      let (x, y) = place(pixel)
      return Float(Double(values[pixel]) - plane[0] - plane[1] * x - plane[2] * y)
    }
  }

  /// Gaussian elimination with pivots; `nil` if the points lie on a line.
  private static func solved(_ equations: [[Double]]) -> [Double]? {
    var rows = equations
    let scale = rows.flatMap { $0.dropLast().map(abs) }.max() ?? 0
    for pivot in 0..<3 {
      guard let best = (pivot..<3).max(by: { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) }),
        abs(rows[best][pivot]) > 1e-12 * scale, scale > 0
      else { return nil }
      rows.swapAt(pivot, best)
      for row in 0..<3 where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot..<4 { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<3).map { rows[$0][3] / rows[$0][$0] }
  }

  /// The values less their mean under a Gaussian window over the finite ones; NaN stays.
  static func highPassed(_ values: [Float], width: Int, deviationPixels: Double) -> [Float] {
    let reach = Int((3 * deviationPixels).rounded(.up))
    let kernel = (-reach...reach).map { exp(-pow(Double($0) / deviationPixels, 2) / 2) }
    let height = values.count / max(1, width)
    func smoothed(_ plane: [Double]) -> [Double] {
      func along(_ plane: [Double], _ count: Int, _ step: Int, _ other: Int, _ otherStep: Int)
        -> [Double]
      {
        var result = plane
        for line in 0..<other {
          for place in 0..<count {
            var sum = 0.0
            for offset in max(-reach, -place)...min(reach, count - 1 - place) {
              sum += kernel[offset + reach] * plane[line * otherStep + (place + offset) * step]
            }
            result[line * otherStep + place * step] = sum
          }
        }
        return result
      }
      return along(along(plane, width, 1, height, width), height, width, width, 1)
    }
    let sums = smoothed(values.map { $0.isFinite ? Double($0) : 0 })
    let weights = smoothed(values.map { $0.isFinite ? 1 : 0 })
    return values.indices.map {
      values[$0].isFinite ? Float(Double(values[$0]) - sums[$0] / weights[$0]) : .nan
    }
  }
}
