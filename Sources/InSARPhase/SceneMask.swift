import Foundation
import Kernel

/// Where a product has no data: beyond a slanted edge of the frame, and in masked water bodies.
package enum SceneMask {
  /// Pixels without data, [height x width].
  ///
  /// The edge of the frame runs along or across the flight direction, within a few degrees, on a side
  /// that is drawn. Water is where a smooth random field is low, so that bodies have shores at the
  /// scale of `waterScaleMeters`. Each fraction is met to 1/1000 of the scene before the two overlap.
  /// - Throws: `InSARPhaseError.outOfMemory`, `.settings` for a grid on which no water fits.
  package static func isWithoutData(
    _ geometry: StackGeometry, borderFraction: Double, waterFraction: Double,
    waterScaleMeters: Double, seed: UInt64, index: Int, fields: SharedFields
  ) throws -> [Bool] {
    var mask = [Bool](repeating: false, count: geometry.count)
    if borderFraction > 0 {
      var random = CounterRandom(seed, .sampleMask, UInt64(index), 0)
      maskBorder(&mask, geometry, borderFraction, &random)
    }
    if waterFraction > 0 {
      let spectrum = TurbulenceSpectrum(slopes2D: [4], outerScaleMeters: waterScaleMeters)
      let field = try fields.field(geometry, spectrum, .deviation(1))
        .field(CounterRandom(seed, .sampleMask, UInt64(index), 1))
      let level = quantile(waterFraction, of: field)
      for pixel in mask.indices where field[pixel] < level { mask[pixel] = true }
    }
    return mask
  }

  private static func maskBorder(
    _ mask: inout [Bool], _ geometry: StackGeometry, _ fraction: Double,
    _ random: inout CounterRandom
  ) {
    let side = Double(random.integer(below: 4)) * 90
    let degrees = geometry.radar.headingDegrees + side + 5 * random.normal()
    let (x, y) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    // Distances along (x, y) over a square of edge 1, from its nearest corner.
    let start = min(x, 0) + min(y, 0)
    let edge = distance(withArea: fraction, abs(x), abs(y)) + start
    let (columnStep, rowStep) = (1 / Double(geometry.width), 1 / Double(geometry.height))
    for row in 0..<geometry.height {
      let rest = (Double(row) + 0.5) * rowStep * y - edge
      for column in 0..<geometry.width where (Double(column) + 0.5) * columnStep * x + rest < 0 {
        mask[row * geometry.width + column] = true
      }
    }
  }

  /// The distance t for which `fraction` of a unit square has a x + b y < t, by bisection.
  static func distance(withArea fraction: Double, _ a: Double, _ b: Double) -> Double {
    func area(_ t: Double) -> Double {
      func square(_ value: Double) -> Double { value > 0 ? value * value : 0 }
      guard min(a, b) > 1e-9 else { return min(max(t / max(a, b), 0), 1) }
      return (square(t) - square(t - a) - square(t - b) + square(t - a - b)) / (2 * a * b)
    }
    var (low, high) = (0.0, a + b)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if area(middle) < fraction { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The value below which `fraction` of the values lie, from a histogram of 4096 bins.
  private static func quantile(_ fraction: Double, of values: [Float]) -> Float {
    var (least, greatest) = (Float.infinity, -Float.infinity)
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    guard greatest > least else { return least }
    let scale = 4095 / (greatest - least)
    var counts = [Int32](repeating: 0, count: 4096)
    for value in values { counts[Int((value - least) * scale)] += 1 }
    let wanted = fraction * Double(values.count)
    var below = 0.0
    for (bin, count) in counts.enumerated() {
      if below + Double(count) >= wanted {
        let part = count > 0 ? (wanted - below) / Double(count) : 0
        return least + (Float(bin) + Float(part)) / scale
      }
      below += Double(count)
    }
    return greatest
  }
}
