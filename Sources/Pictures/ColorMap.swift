import Foundation

/// An sRGB color with eight bits per channel.
public struct RGB: Sendable, Equatable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  static let white = RGB(255, 255, 255)
  static let ink = RGB(38, 38, 42)
  static let frame = RGB(120, 120, 124)
  static let grid = RGB(226, 226, 228)
  /// No data: a gray that neither color map contains.
  static let noData = RGB(168, 168, 168)
}

/// Maps values to colors. It is interpolated between a few points in CIELAB, so that equal steps of
/// the value look equal.
public struct ColorMap: Sendable {
  /// A point: position 0 to 1, lightness 0 to 100, chroma, hue in degrees.
  typealias Point = (position: Double, lightness: Double, chroma: Double, hue: Double)

  let table: [RGB]
  /// Whether the two ends have the same color, for phase.
  public let isCyclic: Bool

  /// Dark blue through near white to dark red, with two halves of equal lightness: for fields
  /// around 0.
  public static let diverging = ColorMap(
    points: [
      (0.00, 24, 34, 280), (0.15, 40, 45, 279), (0.32, 65, 38, 270), (0.44, 87, 14, 258),
      (0.50, 97, 0, 250), (0.50, 97, 0, 60), (0.56, 87, 15, 55), (0.68, 65, 44, 42),
      (0.85, 40, 58, 34), (1.00, 24, 42, 30),
    ], isCyclic: false)

  /// All hues at nearly constant lightness, for phase from -pi to pi.
  public static let cyclic = ColorMap(
    points: (0...36).map { step in
      let share = Double(step) / 36
      // Slightly darker at the ends, so that fringes are visible in print without color.
      return (share, 66 - 12 * cos(2 * .pi * share), 40, 20 + 360 * share)
    }, isCyclic: true)

  /// Black to white in equal steps of lightness: for coherence, as the field shows it.
  public static let gray = ColorMap(
    points: [(0, 0, 0, 0), (1, 100, 0, 0)], isCyclic: false)

  init(points: [Point], isCyclic: Bool) {
    self.isCyclic = isCyclic
    table = (0..<512).map { index in
      let position = Double(index) / 511
      let upper = points.firstIndex { $0.position >= position && $0.position > 0 } ?? 1
      let (low, high) = (points[max(0, upper - 1)], points[upper])
      let span = high.position - low.position
      let share = span > 0 ? (position - low.position) / span : 0
      func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
      return Self.sRGB(
        lightness: mix(low.lightness, high.lightness), chroma: mix(low.chroma, high.chroma),
        hue: mix(low.hue, high.hue))
    }
  }

  /// Red, green and blue of evenly spaced values, for programs that color by themselves.
  package var tableBytes: [UInt8] { table.flatMap { [$0.red, $0.green, $0.blue] } }

  /// Red, green and blue of missing values.
  package static var missing: [UInt8] {
    [RGB.noData.red, RGB.noData.green, RGB.noData.blue]
  }

  init(table: [RGB]) {
    self.table = table
    isCyclic = false
  }

  /// The color of `value` on a scale from -`limit` to `limit`; values beyond get the color of the
  /// end.
  public func color(_ value: Float, limit: Float) -> RGB { color(value, in: -limit...limit) }

  /// The color of `value` on a scale over `range`; values beyond get the color of the end.
  public func color(_ value: Float, in range: ClosedRange<Float>) -> RGB {
    guard !value.isNaN else { return .noData }
    let last = Float(table.count - 1)
    let position = (value - range.lowerBound) / (range.upperBound - range.lowerBound) * last
    return table[Int(max(0, min(last, position.rounded())))]
  }

  /// CIELAB (D65) to sRGB. Source: IEC 61966-2-1; CIE 15.
  private static func sRGB(lightness: Double, chroma: Double, hue: Double) -> RGB {
    let a = chroma * cos(hue * .pi / 180)
    let b = chroma * sin(hue * .pi / 180)
    let fy = (lightness + 16) / 116
    func inverse(_ t: Double) -> Double { t > 6.0 / 29 ? t * t * t : 108.0 / 841 * (t - 4.0 / 29) }
    let x = 0.95047 * inverse(fy + a / 500)
    let y = inverse(fy)
    let z = 1.08883 * inverse(fy - b / 200)
    func byte(_ linear: Double) -> UInt8 {
      let value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055
      return UInt8((max(0, min(1, value)) * 255).rounded())
    }
    return RGB(
      byte(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
      byte(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
      byte(0.0556434 * x - 0.2040259 * y + 1.0572252 * z))
  }
}
