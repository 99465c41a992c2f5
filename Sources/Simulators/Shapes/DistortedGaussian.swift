import Foundation
import Kernel

/// A Gaussian of random shape on a map that a 5 x 5 grid of random vectors distorts; peak 1.
///
/// Source: Wu et al., IEEE TGRS 60, 2022 (deformation detection), after their public simulator.
struct DistortedGaussian: Codable, Sendable, Equatable {
  static let controls = 5

  /// Center, as fractions of the map's size.
  var column: Double
  var row: Double
  /// Variances along the axes over 2 (width + height), and the direction of the first axis.
  var variances: [Double]
  var axisRadians: Double
  /// Control vectors, row by row: (columns, rows), within the unit disc.
  var vectors: [[Double]]
  var shiftPixels: Double

  init(
    center: ClosedRange<Double>, shiftPixels: Double, random: inout CounterRandom
  ) {
    column = random.uniform(center)
    row = random.uniform(center)
    // At least 0.001, because a variance of 0 has no density.
    variances = (0..<2).map { _ in max(1e-3, random.uniform()) }
    // The first left singular vector of a matrix of four U(0, 1).
    let m = (0..<4).map { _ in random.uniform() }
    axisRadians =
      atan2(
        2 * (m[0] * m[2] + m[1] * m[3]),
        m[0] * m[0] + m[1] * m[1] - m[2] * m[2] - m[3] * m[3]) / 2
    vectors = (0..<Self.controls * Self.controls).map { _ in
      let angle = random.uniform(0...(2 * .pi))
      let radius = random.uniform()
      return [radius * cos(angle), radius * sin(angle)]
    }
    self.shiftPixels = shiftPixels
  }

  func values(width: Int, height: Int) -> [Float] {
    let n = Self.controls
    let shift = Float(shiftPixels)
    let shifts = vectors.map { SIMD2<Float>(Float($0[0]), Float($0[1])) * shift }
    let spacing = SIMD2<Float>(Float(width - 1), Float(height - 1)) / Float(n - 1)
    let controls = (0..<n * n).map { index in
      SIMD2<Float>(Float(index % n), Float(index / n)) * spacing
    }
    let farthest = max(1, hypot(Float(width - 1), Float(height - 1)))
    let size = 2 * Float(width + height)
    let (s, c) = (Float(sin(axisRadians)), Float(cos(axisRadians)))
    let center = SIMD2<Float>(Float(column) * Float(width), Float(row) * Float(height))
    let along = 1 / (2 * Float(variances[0]) * size)
    let across = 1 / (2 * Float(variances[1]) * size)
    var values = [Float](repeating: 0, count: width * height)
    for row in 0..<height {
      for column in 0..<width {
        let place = SIMD2<Float>(Float(column), Float(row))
        var shifted = place
        for index in controls.indices {
          let offset: SIMD2<Float> = controls[index] - place
          let t = 1 - (offset * offset).sum().squareRoot() / farthest
          let u = t * t * t * t * t
          shifted += shifts[index] * (u * u * (3 - 2 * u))
        }
        let x = min(max(shifted.x, 0), Float(width - 1)) - center.x
        let y = min(max(shifted.y, 0), Float(height - 1)) - center.y
        let a = x * c + y * s
        let b = y * c - x * s
        values[row * width + column] = exp(-(along * a * a + across * b * b))
      }
    }
    let peak = values.max() ?? 0
    return peak > 0 ? values.map { $0 / peak } : values
  }
}
