import Foundation
import Kernel

/// Stratified delay, which depends on height: the hydrostatic and wet delay of the atmosphere above
/// a pixel.
///
/// `linear`: phi = c (h - mean h), c drawn from N(mean + seasonal, deviation) in rad/km for each date.
/// `powerLaw`: phi = K (h0 - h)^alpha, K in rad/m^alpha from Laplace(0, `scale`), h0 from
/// N(`topMeters`, `topDeviationMeters`), alpha from N(`exponent`, `exponentDeviation`), for each date.
/// Source: linear, Doin et al., "Corrections of stratified tropospheric delays in SAR
/// interferometry", J. Appl. Geophys. 2009; power law, Bekaert, Hooper and Wright, JGR 2015, with
/// the distributions of troposim.
public struct Stratification: Sendable, Equatable, Codable {
  public enum Law: String, Sendable, Codable, CaseIterable {
    case linear
    case powerLaw = "power_law"
  }

  public var law = Law.linear
  public var meanRadiansPerKilometer = 0.0
  /// The slope is this much above its mean on `peakDayOfYear`, and below half a year later.
  public var seasonalRadiansPerKilometer = 0.0
  public var peakDayOfYear = 200.0
  public var deviationRadiansPerKilometer = 2.0
  public var scale = 5e-6
  public var topMeters = 7000.0
  public var topDeviationMeters = 100.0
  public var exponent = 1.4
  public var exponentDeviation = 0.1

  public init() {}

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.finite("\(name).meanRadiansPerKilometer", meanRadiansPerKilometer)
    check.finite("\(name).seasonalRadiansPerKilometer", seasonalRadiansPerKilometer)
    check.inside("\(name).peakDayOfYear", peakDayOfYear, 1...366)
    check.notNegative("\(name).deviationRadiansPerKilometer", deviationRadiansPerKilometer)
    check.notNegative("\(name).scale", scale)
    check.positive("\(name).topMeters", topMeters)
    check.notNegative("\(name).topDeviationMeters", topDeviationMeters)
    check.positive("\(name).exponent", exponent)
    check.notNegative("\(name).exponentDeviation", exponentDeviation)
  }

  /// The random parameters of one date.
  struct Draw: Equatable {
    var radiansPerKilometer: Double
    var factor: Double
    var topMeters: Double
    var exponent: Double
  }

  /// - Parameter day: days since 1 January of any year.
  func draw(day: Double, _ key: CounterRandom) -> Draw {
    var random = key
    let season =
      Season.factor(day: day, peakDayOfYear: peakDayOfYear, fraction: 1) - 1
    let linear =
      meanRadiansPerKilometer + seasonalRadiansPerKilometer * season
      + deviationRadiansPerKilometer * random.normal()
    // The inverse of the Laplace distribution function.
    let u = random.uniform() - 0.5
    let laplace = (u < 0 ? 1.0 : -1.0) * scale * log(max(1 - 2 * abs(u), 0x1p-60))
    return Draw(
      radiansPerKilometer: linear, factor: laplace,
      topMeters: topMeters + topDeviationMeters * random.normal(),
      exponent: max(0.1, exponent + exponentDeviation * random.normal()))
  }

  /// Delay in rad of heights in m, for one date. NaN stays NaN.
  /// - Parameter mean: of the heights, in m.
  /// - Throws: `InSARPhaseError.outOfRange` if a height reaches the top of the power law.
  func radians(heightMeters: [Float], mean: Double, _ draw: Draw) throws -> [Float] {
    switch law {
    case .linear:
      let factor = draw.radiansPerKilometer / 1000
      return heightMeters.withUnsafeBufferPointer { heights in
        Planes.filled(heights.count) { out in
          for pixel in 0..<heights.count {
            out[pixel] = Float(factor * (Double(heights[pixel]) - mean))
          }
        }
      }
    case .powerLaw:
      if let highest = heightMeters.filter({ $0.isFinite }).max(),
        Double(highest) >= draw.topMeters
      {
        throw InSARPhaseError.outOfRange(
          quantity: "the highest point of the DEM in m", value: Double(highest),
          expected: "a DEM below stratification.topMeters, or a higher top "
            + "(\(draw.topMeters.rounded()) m was drawn)")
      }
      return heightMeters.map {
        Float(draw.factor * pow(draw.topMeters - Double($0), draw.exponent))
      }
    }
  }

  static func mean(_ values: [Float]) -> Double {
    var sum = 0.0
    var count = 0
    for value in values where value.isFinite {
      sum += Double(value)
      count += 1
    }
    return count == 0 ? 0 : sum / Double(count)
  }
}
