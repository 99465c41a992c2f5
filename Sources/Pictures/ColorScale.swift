import Foundation
import Kernel
import Rasters

/// A color map over a range of values, with the ticks of its color bar.
public struct ColorScale: Sendable {
  public var map: ColorMap
  /// In the unit of the values; not empty.
  public var range: ClosedRange<Float>
  /// What stands above the color bar; empty for none.
  package var label: String

  /// A scale from -`limit` to `limit`.
  public init(map: ColorMap, limit: Float, unit: RasterUnit?) {
    self.init(map: map, range: -limit...limit, label: unit?.rawValue ?? "unit ?")
  }

  package init(map: ColorMap, range: ClosedRange<Float>, label: String) {
    precondition(
      range.lowerBound.isFinite && range.upperBound.isFinite
        && range.lowerBound < range.upperBound, "a scale has two ends")
    self.map = map
    self.range = range
    self.label = label
  }

  /// The scale for `values`: for phase the cyclic map from -pi to pi, otherwise the diverging map
  /// up to the 99.5th percentile of |value|, rounded up to a round number.
  public init(for values: [Float], unit: RasterUnit?, limit: Float? = nil) {
    let isWrapped =
      unit == .radians && !values.contains { $0.isFinite && abs($0) > Float.pi + 1e-3 }
    let chosen =
      isWrapped
      ? Float.pi
      : Self.roundedUp(Self.percentiles([0.995], of: Self.thinned(values).map { abs($0) })[0])
    let given = limit.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    self.init(map: isWrapped ? .cyclic : .diverging, limit: given ?? chosen, unit: unit)
  }

  func color(_ value: Float) -> RGB { map.color(value, in: range) }

  /// The value at a share of the scale, 0 for its low end and 1 for its high one.
  func value(at share: Double) -> Float {
    Float(
      Double(range.lowerBound) + share * (Double(range.upperBound) - Double(range.lowerBound)))
  }

  func share(of value: Float) -> Double {
    (Double(value) - Double(range.lowerBound))
      / (Double(range.upperBound) - Double(range.lowerBound))
  }

  /// 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10 times a power of ten, the smallest that is at least
  /// `value`; 1 if `value` is not positive.
  static func roundedUp(_ value: Float) -> Float {
    guard value > 0, value.isFinite else { return 1 }
    let power = pow(10, floor(log10(Double(value))))
    let steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
    let step = steps.first { $0 * power >= Double(value) * (1 - 1e-6) } ?? 10
    return Float(step * power)
  }

  /// Finite values, at most about `most` of them, evenly taken: enough for percentiles.
  package static func thinned(_ values: [Float], most: Int = 1 << 20) -> [Float] {
    let step = max(1, values.count / most)
    return stride(from: 0, to: values.count, by: step).lazy.map { values[$0] }
      .filter(\.isFinite)
  }

  /// Percentiles (0 to 1) of finite values; zeros if there are none.
  static func percentiles(_ shares: [Double], of values: [Float]) -> [Float] {
    guard !values.isEmpty else { return shares.map { _ in 0 } }
    return shares.map { Float(Percentile.value($0, of: values, rule: .weighted)) }
  }
}

// MARK: - Ticks
extension ColorScale {
  /// Ticks from the low end up: at most nine, symmetric about 0 on a symmetric scale.
  var ticks: [(value: Float, text: String)] {
    let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
    if map.isCyclic && range == -Float.pi...Float.pi {
      return [(-Float.pi, "-π"), (-Float.pi / 2, "-π/2"), (0, "0"), (.pi / 2, "π/2"), (.pi, "π")]
    }
    return Ticks.linear(from: low, to: high, most: low == -high ? 8.0002 : 5.0001)
      .map { (Float($0.value), $0.text) }
  }
}

/// Round numbers on an axis.
enum Ticks {
  static func linear(from low: Double, to high: Double, most: Double) -> [(
    value: Double, text: String
  )] {
    let span = high - low
    let power = pow(10, floor(log10(span / 2)))
    let step =
      [0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10].map { $0 * power }.first { span / $0 <= most } ?? span
    let first = Int((low / step - 1e-4).rounded(.up))
    let last = Int((high / step + 1e-4).rounded(.down))
    guard first <= last else {
      return [(low, text(low, step: step)), (high, text(high, step: step))]
    }
    return (first...last).map { index in
      let value = Double(index) * step
      return (value, index == 0 ? "0" : text(value, step: step))
    }
  }

  private static func text(_ value: Double, step: Double) -> String {
    guard abs(value) < 1e5, step >= 1e-4 else { return String(format: "%.3g", value) }
    let digits = max(0, Int(-floor(log10(step) + 1e-9)))
    let scaled = step * pow(10, Double(digits))
    return String(
      format: "%.\(abs(scaled - scaled.rounded()) > 1e-6 ? digits + 1 : digits)f", value)
  }

  /// Powers of ten from `low` to `high`, with 2 and 5 times them where there are few.
  static func logarithmic(from low: Double, to high: Double) -> [(value: Double, text: String)] {
    let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    func between(_ factors: [Double]) -> [Double] {
      powers.flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
        .filter { $0 >= low * 0.9999 && $0 <= high * 1.0001 }
    }
    let tens = between([1])
    let values = tens.count >= 3 ? tens : between([1, 2, 5])
    return values.map { ($0, String(format: "%g", $0)) }
  }

  /// Every k-th tick, with the smallest k that leaves space between labels; 0 stays if it is there.
  /// - Parameter length: of the label of a tick along the axis, with the space that it needs.
  static func spaced<Tick>(
    _ ticks: [(value: Tick, text: String)], place: (Tick) -> Double, length: (String) -> Double
  ) -> [(value: Tick, text: String)] {
    let anchor = ticks.firstIndex { $0.text == "0" } ?? 0
    for step in 1..<max(2, ticks.count) {
      let kept = ticks.indices.filter { ($0 - anchor) % step == 0 }.map { ticks[$0] }
      let isFree = zip(kept, kept.dropFirst()).allSatisfy { a, b in
        abs(place(b.value) - place(a.value)) >= (length(a.text) + length(b.text)) / 2
      }
      if isFree { return kept }
    }
    return ticks.isEmpty ? [] : [ticks[anchor]]
  }
}
