import Kernel

/// The phase ramp of orbit errors: a plane, or a surface of second degree.
///
/// phi = a x + b y [+ c x^2 + d x y + e y^2], x to the east and y to the north, both from -1/2 to
/// 1/2 across the scene; the coefficients are drawn for each date: a and b from N(0, gradient times
/// width or height), those of second degree from N(0, `quadraticDeviationRadians`).
/// Source: Hanssen, Radar Interferometry, 2001, section 4.6.
public struct OrbitalRamp: Sendable, Equatable, Codable {
  public enum Shape: String, Sendable, Codable, CaseIterable { case planar, quadratic }

  public var shape = Shape.planar
  /// Standard deviation of a date's gradient to the east and to the north.
  public var gradientRadiansPerKilometer = 0.1
  /// Standard deviation of the phase difference between opposite edges of a scene of any size,
  /// instead of the gradient's.
  public var deviationRadians: Double?
  public var quadraticDeviationRadians = 1.0

  public init() {}

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.notNegative("\(name).gradientRadiansPerKilometer", gradientRadiansPerKilometer)
    if let deviationRadians { check.notNegative("\(name).deviationRadians", deviationRadians) }
    check.notNegative("\(name).quadraticDeviationRadians", quadraticDeviationRadians)
  }

  /// a, b and, for a quadratic ramp, c, d, e in rad, for one date.
  func coefficients(_ key: CounterRandom, widthMeters: Double, heightMeters: Double) -> [Double] {
    var random = key
    let plane = [widthMeters, heightMeters].map { meters in
      (deviationRadians ?? gradientRadiansPerKilometer * meters / 1000) * random.normal()
    }
    guard shape == .quadratic else { return plane }
    return plane + (0..<3).map { _ in quadraticDeviationRadians * random.normal() }
  }

  /// The surface in rad, [height x width], row 0 in the north.
  static func radians(_ coefficients: [Double], width: Int, height: Int) -> [Float] {
    let (a, b) = (coefficients[0], coefficients[1])
    let (c, d, e) =
      coefficients.count > 2
      ? (coefficients[2], coefficients[3], coefficients[4]) : (0, 0, 0)
    let isPlane = coefficients.count == 2
    let easts = (0..<width).map { (Double($0) + 0.5) / Double(width) - 0.5 }
    return Planes.filled(width * height) { out in
      easts.withUnsafeBufferPointer { easts in
        for row in 0..<height {
          let y = 0.5 - (Double(row) + 0.5) / Double(height)
          let (north, northSquare) = (b * y, e * (y * y))
          let line = out + row * width
          if isPlane {
            for column in 0..<width { line[column] = Float(a * easts[column] + north) }
          } else {
            for column in 0..<width {
              let x = easts[column]
              line[column] = Float(a * x + north + c * (x * x) + d * (x * y) + northSquare)
            }
          }
        }
      }
    }
  }

  static func terms(_ x: Double, _ y: Double) -> [Double] { [x, y, x * x, x * y, y * y] }
}
