import Foundation
import Kernel
import Rasters

/// Undeclared stored values that look like "no data": usual fill values, or any repeated value far
/// outside the others.
public struct UndeclaredFills: Sendable, Equatable, Codable {
  public struct Fill: Sendable, Equatable, Codable {
    /// As stored, before any scale factor.
    public var value: Float
    /// Number of pixels with this value.
    public var count: Int
  }

  /// Sorted, the lowest value first.
  public var fills: [Fill]
  /// The range of the other finite values, as stored.
  public var restMinimum: Float
  public var restMaximum: Float
  /// The options that turn the values into no data, such as `--no-data -9999`.
  public var options: String

  /// A description such as
  /// `5.9 % of the values are exactly -9999, far beyond the rest (-3.1 to 62)`.
  public func words(of pixelCount: Int) -> String {
    let shares = fills.enumerated().map { index, fill in
      let percent = (Double(fill.count) * 1000 / Double(max(1, pixelCount))).rounded() / 10
      let share = percent > 0 ? String(format: "%g %%", percent) : "\(fill.count)"
      return "\(share)\(index == 0 ? " of the values are" : "") exactly \(Self.text(fill.value))"
    }
    return "\(shares.joined(separator: ", ")), far beyond the rest "
      + String(format: "(%.4g to %.4g)", restMinimum, restMaximum)
  }

  /// The shortest text that reads back as `value`.
  static func text(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
  }
}

extension RasterScene {
  /// For rasters that are read without `--no-data`, such as a DEM.
  /// - Throws: `RasterError.doesNotFit` if undeclared values look like no data.
  public func refuseUndeclaredFills() throws {
    guard let fills = description.undeclaredFills else { return }
    throw RasterError.doesNotFit(
      path: description.path, reason: fills.words(of: raster.values.count),
      remedy:
        "If that means no data, declare it in a copy: gdal_translate -a_nodata VALUE FILE COPY.tif."
    )
  }
}

extension UndeclaredFills {
  /// Finds the fill values in `values`; `nil` if there are none. NaN and infinite values are
  /// ignored.
  ///
  /// A value counts as a fill value if it lies at the lower or the upper end, occurs more than
  /// once, and its distance from the other values is more than ten times their range, which has at
  /// least 16 different values. For usual fill values (-999, 1e10 ...) a distance of their range is
  /// enough, and the surest ones (-9999, -32768, 1e20 ...) count at any distance, because
  /// resampling smears edges. Values that no rate can have, from 1e9 on, need not be repeated.
  /// - Parameter convention: values that are missing by convention, but would not be if `--no-data`
  ///   were given.
  static func find(in values: [Float], convention: [Double] = []) -> UndeclaredFills? {
    let low = Self.end(of: values, isBelow: <)
    let high = Self.end(of: values, isBelow: >)
    for lowCount in stride(from: low.fills.count, through: 0, by: -1) {
      for highCount in stride(from: high.fills.count, through: 0, by: -1)
      where lowCount + highCount > 0 {
        guard
          let lowest = low.value(after: lowCount), let highest = high.value(after: highCount),
          lowest <= highest
        else { continue }
        let nearest = [
          lowCount > 0 ? (low.fills[lowCount - 1], lowest) : nil,
          highCount > 0 ? (high.fills[highCount - 1], highest) : nil,
        ].compactMap { $0 }
        guard nearest.allSatisfy({ isFar($0, rest: lowest...highest, in: values) }) else {
          continue
        }
        let fills = Array(low.fills.prefix(lowCount) + high.fills.prefix(highCount).reversed())
        let missing = fills.map { text($0.value) } + convention.map { text(Float($0)) }
        return UndeclaredFills(
          fills: fills, restMinimum: lowest, restMaximum: highest,
          options: missing.map { OptionName.noData("\($0)") }.joined(separator: " "))
      }
    }
    return nil
  }

  /// Whether the fill value at one end is far enough from `edge`, the nearest of the other values.
  private static func isFar(
    _ end: (fill: Fill, edge: Float), rest: ClosedRange<Float>, in values: [Float]
  ) -> Bool {
    let width = Double(rest.upperBound) - Double(rest.lowerBound)
    let distance = abs(Double(end.fill.value) - Double(end.edge))
    if isSure(end.fill.value) { return true }
    if isUsual(end.fill.value) { return width > 0 && distance > width }
    // Zero has its own hint, and is a valid rate.
    return end.fill.value != 0 && distance > 10 * width && hasManyValues(values, rest)
  }

  /// One end of the values: candidate fill values, outermost first, and the first value that is not
  /// a candidate.
  private struct End {
    var fills: [Fill] = []
    var next: Float?

    func value(after count: Int) -> Float? { count < fills.count ? fills[count].value : next }
  }

  /// At most four different values, each one repeated or at least 1e9 in magnitude.
  private static func end(of values: [Float], isBelow: (Float, Float) -> Bool) -> End {
    var end = End()
    while true {
      var outermost: Fill?
      for value in values where value.isFinite {
        if let last = end.fills.last?.value, !isBelow(last, value) { continue }
        if outermost == nil || isBelow(value, outermost!.value) {
          outermost = Fill(value: value, count: 1)
        } else if value == outermost!.value {
          outermost!.count += 1
        }
      }
      guard let outermost, end.fills.count < 4, outermost.count > 1 || abs(outermost.value) >= 1e9
      else {
        end.next = outermost?.value
        return end
      }
      end.fills.append(outermost)
    }
  }

  private static func hasManyValues(_ values: [Float], _ range: ClosedRange<Float>) -> Bool {
    var seen = Set<Float>()
    for value in values where range.contains(value) {
      seen.insert(value)
      if seen.count == 16 { return true }
    }
    return false
  }

  /// Values that programs commonly write for no data: -99, -999, ..., the ends of int16 and int32,
  /// netCDF's and GRIB's defaults, Surfer's blank, powers of ten from 1e9 on, the ends of float32.
  private static func isUsual(_ value: Float) -> Bool {
    isSure(value) || abs(value) >= 1e9
      || [-99, -999, -32767, 99, 999, 9999, 99_999, 999_999, 9_999_999, 32767].contains(value)
  }

  /// Values that no rate, displacement or phase has more than once by chance.
  private static func isSure(_ value: Float) -> Bool {
    abs(value) >= 1e19 || [-9999, -32768, -99_999, -999_999, -9_999_999].contains(value)
  }
}
