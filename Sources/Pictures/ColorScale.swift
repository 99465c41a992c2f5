import Foundation
import Rasters

/// A color map over -`limit` to `limit`, with the ticks of its color bar.
public struct ColorScale: Sendable {
  public var map: ColorMap
  /// In the unit of the values; above 0.
  public var limit: Float
  public var unit: RasterUnit?

  public init(map: ColorMap, limit: Float, unit: RasterUnit?) {
    precondition(limit > 0 && limit.isFinite, "a scale has a positive limit")
    self.map = map
    self.limit = limit
    self.unit = unit
  }

  /// The scale for `values`: for phase the cyclic map from -pi to pi, otherwise the diverging map
  /// up to the 99.5th percentile of |value|, rounded up to a round number.
  public init(for values: [Float], unit: RasterUnit?, limit: Float? = nil) {
    let isWrapped =
      unit == .radians && !values.contains { $0.isFinite && abs($0) > Float.pi + 1e-3 }
    let chosen =
      isWrapped ? Float.pi : Self.roundedUp(Self.absolutePercentile(of: values, percent: 99.5))
    let given = limit.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    self.init(map: isWrapped ? .cyclic : .diverging, limit: given ?? chosen, unit: unit)
  }

  func color(_ value: Float) -> RGB { map.color(value, limit: limit) }

  /// 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10 times a power of ten, the smallest that is at least
  /// `value`; 1 if `value` is not positive.
  static func roundedUp(_ value: Float) -> Float {
    guard value > 0, value.isFinite else { return 1 }
    let power = pow(10, floor(log10(Double(value))))
    let steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
    let step = steps.first { $0 * power >= Double(value) * (1 - 1e-6) } ?? 10
    return Float(step * power)
  }

  private static func absolutePercentile(of values: [Float], percent: Double) -> Float {
    let sorted = values.lazy.filter { $0.isFinite }.map { abs($0) }.sorted()
    return sorted.isEmpty ? 0 : Raster.percentile(percent, ofSorted: sorted)
  }

  /// Ticks from the bottom up, symmetric about 0: at most four on each side.
  var ticks: [(value: Float, text: String)] {
    if map.isCyclic && limit == .pi {
      return [(-Float.pi, "-π"), (-Float.pi / 2, "-π/2"), (0, "0"), (.pi / 2, "π/2"), (.pi, "π")]
    }
    let limit = Double(limit)
    let power = pow(10, floor(log10(limit)))
    let step =
      [0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5].map { $0 * power }
      .first { limit / $0 <= 4.0001 } ?? limit
    let count = Int(limit / step + 1e-4)
    let digits = max(0, Int(-floor(log10(step) + 1e-9)))
    let shownDigits =
      abs(step * pow(10, Double(digits)) - (step * pow(10, Double(digits))).rounded())
        > 1e-6 ? digits + 1 : digits
    return (-count...count).map { index in
      let value = Double(index) * step
      let text = index == 0 ? "0" : String(format: "%.\(shownDigits)f", value)
      return (Float(value), text)
    }
  }
}
