import Foundation
import Rasters

/// How the values of a map are colored.
package enum MapKind: String, Sendable, CaseIterable {
  /// For what is not negative: heights, amplitudes, errors.
  case sequential
  /// For what has a sign: rates, displacements, unwrapped phase.
  case diverging
  /// For wrapped phase.
  case cyclic
  /// Black to white from 0 to 1.
  case coherence
}

extension ColorScale {
  /// The kind of map that fits a plane with this name, unit and these values.
  ///
  /// The name decides where it is known (`wrapped`, `coherence` and their spellings by other
  /// processors); then the unit; then the values: phase if they fill -pi to pi, sequential if none
  /// is negative.
  package static func kind(name: String, unit: String?, values: [Float]) -> MapKind {
    let values = thinned(values)
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let name = name.lowercased()
    let isWithinPi = low >= -Float.pi - 1e-3 && high <= .pi + 1e-3
    let isPhase = unit == nil || unit == RasterUnit.radians.rawValue
    if isPhase && isWithinPi && (name.split { !$0.isLetter }.contains("wrapped")) { return .cyclic }
    if isPhase && isWithinPi && low < -3 && high > 3 { return .cyclic }
    let isShare = low >= 0 && high <= 1 + 1e-3
    let isDimensionless = unit == nil || unit == "1"
    if isDimensionless && isShare && name.contains(/coh|(^|[^a-z])(cor|cc)([^a-z]|$)/) {
      return .coherence
    }
    return low >= 0 && high > 0 ? .sequential : .diverging
  }

  /// The scale of a kind for `values`, with robust limits where none are given: the 0.5th and the
  /// 99.5th percentile, rounded outward and symmetric for values with a sign.
  package static func choice(
    _ kind: MapKind, values: [Float], unit: String?, limits: ClosedRange<Float>? = nil
  ) -> ColorScale {
    let label = unit.map { $0 == "1" ? "" : $0 } ?? (kind == .coherence ? "" : "unit ?")
    switch kind {
    case .cyclic:
      return ColorScale(map: .cyclic, range: limits ?? -.pi...(.pi), label: "rad")
    case .coherence: return ColorScale(map: .gray, range: limits ?? 0...1, label: label)
    case .diverging:
      let limit = roundedUp(percentiles([0.995], of: thinned(values).map { abs($0) })[0])
      return ColorScale(map: .diverging, range: limits ?? -limit...limit, label: label)
    case .sequential:
      let ends = percentiles([0.005, 0.995], of: thinned(values))
      return ColorScale(
        map: .sequential, range: limits ?? rounded(low: ends[0], high: ends[1]), label: label)
    }
  }

  /// The scale of maps of a quantity: symmetric for delays, from the lowest value for heights, 0 to 1 for
  /// coherence, from 0 for standard deviations.
  /// - Parameter limit: the upper end where the range has none; `nil` chooses it from the values.
  package init(_ quantity: Quantity, values: [Float], limit: Float? = nil) {
    let unit = quantity.unit.rawValue
    func choice(_ kind: MapKind, _ limits: ClosedRange<Float>?) -> ColorScale {
      .choice(kind, values: values, unit: unit, limits: limits)
    }
    let limit = limit.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    switch quantity.coloring {
    case .diverging: self = choice(.diverging, limit.map { -$0...$0 })
    case .gray: self = choice(.coherence, quantity.range)
    case .sequential:
      self = choice(
        .sequential, quantity.isBounded ? limit.map { quantity.range.lowerBound...$0 } : nil)
    }
  }

  /// The range rounded outward to a tenth of its power of ten; from 0 if its low end is near it.
  static func rounded(low: Float, high: Float) -> ClosedRange<Float> {
    if low >= 0, low < high / 4 { return 0...roundedUp(high) }
    guard low < high else {
      let half = max(abs(low) / 2, 0.5)
      return low - half...low + half
    }
    let step = pow(10, floor(log10(Double(high) - Double(low)))) / 2
    let ends = ((Double(low) / step).rounded(.down), (Double(high) / step).rounded(.up))
    let (first, last) = (Float(ends.0 * step), Float(ends.1 * step))
    return first < last ? first...last : low...max(high, low.nextUp)
  }

  /// Reads `LOW:HIGH`, or one number for a symmetric scale.
  /// - Throws: `PictureError.limits`.
  package static func limits(parsing text: String) throws -> ClosedRange<Float> {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map {
      Float($0.trimmingCharacters(in: .whitespaces))
    }
    guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1],
      first.isFinite, last.isFinite
    else { throw PictureError.limits(text) }
    let (low, high) = parts.count == 1 ? (-last, last) : (first, last)
    guard low < high, (high - low).isFinite else { throw PictureError.limits(text) }
    return low...high
  }
}
