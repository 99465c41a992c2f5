/// Converts between deformation rate in the line of sight and interferometric phase at one
/// wavelength.
///
/// phi = -4 pi / lambda * d, with d positive toward the satellite: motion toward the satellite
/// shortens the two-way path and lowers the phase. A year is 365.25 days.
/// Source: Hanssen, Radar Interferometry, 2001, section 2.3; paper GANInSAR, equation 2.
public struct DeformationPhase: Sendable, Equatable, Codable {
  public static let daysPerYear = 365.25

  public let wavelengthMeters: Double

  /// - Throws: `InSARPhaseError.outOfRange` unless the wavelength is positive and finite.
  public init(wavelengthMeters: Double) throws {
    guard wavelengthMeters > 0, wavelengthMeters.isFinite else {
      throw InSARPhaseError.outOfRange(
        quantity: "the wavelength in m", value: wavelengthMeters,
        expected: "a positive number, such as 0.0554658 for Sentinel-1")
    }
    self.wavelengthMeters = wavelengthMeters
  }

  /// Decodes and checks as the initializer does.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(wavelengthMeters: container.decode(Double.self, forKey: .wavelengthMeters))
  }

  public init(_ radar: RadarGeometry) { wavelengthMeters = radar.wavelengthMeters }
  public init(_ sensor: Sensor) { wavelengthMeters = sensor.wavelengthMeters }

  /// -4 pi / lambda: about -226.6 for Sentinel-1.
  public var radiansPerMeter: Double { -4 * .pi / wavelengthMeters }

  /// Phase of a rate of 1 cm/yr after one day: about -0.0110746 for TerraSAR-X.
  public var radiansPerCMPerYearDay: Double { radiansPerMeter * 0.01 / Self.daysPerYear }

  /// Unwrapped phase in rad of rates in cm/yr after `days` (negative if the second image is the
  /// earlier one). NaN stays NaN.
  public func radians(rateCMPerYear: [Float], days: Double) -> [Float] {
    let factor = Float(radiansPerCMPerYearDay * days)
    return Planes.scaled(rateCMPerYear, by: factor)
  }

  /// Unwrapped phase in rad of displacements in m.
  public func radians(displacementMeters: [Float]) -> [Float] {
    let factor = Float(radiansPerMeter)
    return Planes.scaled(displacementMeters, by: factor)
  }

  /// Rates in cm/yr that cause the unwrapped phase `radians` in `days`.
  /// - Throws: `InSARPhaseError.outOfRange` if `days` is 0 or not finite.
  public func rateCMPerYear(radians: [Float], days: Double) throws -> [Float] {
    guard days != 0, days.isFinite else {
      throw InSARPhaseError.outOfRange(
        quantity: "the interval in days", value: days,
        expected: "the time between two different dates")
    }
    let factor = Float(1 / (radiansPerCMPerYearDay * days))
    return Planes.scaled(radians, by: factor)
  }
}
