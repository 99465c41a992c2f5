import Foundation
import Kernel

/// The geometry of a radar image, which determines the phase of displacements, heights and
/// baselines.
public struct RadarGeometry: Sendable, Equatable, Codable {
  public let wavelengthMeters: Double
  /// Angle between the vertical and the line to the satellite, in (0, 90).
  public let incidenceDegrees: Double
  /// Distance from the satellite to the ground.
  public let slantRangeMeters: Double
  /// Flight direction, clockwise from north.
  public let headingDegrees: Double
  public let look: LineOfSight.LookDirection
  /// Bandwidth of the chirp; it determines the critical baseline.
  public let rangeBandwidthHertz: Double

  /// - Throws: `InSARPhaseError.settings` with every fault: a wavelength, range or bandwidth of 0
  ///   or less, an incidence outside (0, 90), a heading that is not finite.
  public init(
    wavelengthMeters: Double, incidenceDegrees: Double, slantRangeMeters: Double,
    headingDegrees: Double, look: LineOfSight.LookDirection = .right, rangeBandwidthHertz: Double
  ) throws {
    var check = ParameterCheck()
    check.positive("wavelengthMeters", wavelengthMeters)
    check.require(
      incidenceDegrees > 0 && incidenceDegrees < 90,
      "incidenceDegrees is \(incidenceDegrees); give an angle above 0 and below 90")
    check.positive("slantRangeMeters", slantRangeMeters)
    check.finite("headingDegrees", headingDegrees)
    check.positive("rangeBandwidthHertz", rangeBandwidthHertz)
    try check.throwFaults()
    self.wavelengthMeters = wavelengthMeters
    self.incidenceDegrees = incidenceDegrees
    self.slantRangeMeters = slantRangeMeters
    self.headingDegrees = headingDegrees
    self.look = look
    self.rangeBandwidthHertz = rangeBandwidthHertz
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      wavelengthMeters: container.decode(Double.self, forKey: .wavelengthMeters),
      incidenceDegrees: container.decode(Double.self, forKey: .incidenceDegrees),
      slantRangeMeters: container.decode(Double.self, forKey: .slantRangeMeters),
      headingDegrees: container.decode(Double.self, forKey: .headingDegrees),
      look: container.decode(LineOfSight.LookDirection.self, forKey: .look),
      rangeBandwidthHertz: container.decode(Double.self, forKey: .rangeBandwidthHertz))
  }

  /// Mid swath of an ascending pass of `sensor`; see `Sensor` for the numbers.
  public init(_ sensor: Sensor) {
    wavelengthMeters = sensor.wavelengthMeters
    incidenceDegrees = sensor.incidenceDegrees
    slantRangeMeters = sensor.slantRangeMeters
    headingDegrees = Sensor.ascendingHeadingDegrees
    look = sensor.look
    rangeBandwidthHertz = sensor.rangeBandwidthHertz
  }

  /// R sin(theta), in m: the phase of a height is proportional to 1 / (R sin(theta)).
  public var rangeSineMeters: Double { slantRangeMeters * sin(incidenceDegrees * .pi / 180) }

  /// The perpendicular baseline at which two images are completely decorrelated over flat ground:
  /// Bc = lambda R tan(theta) B / c.
  /// Source: Hanssen, Radar Interferometry, 2001, equation 4.4.11.
  public var criticalBaselineMeters: Double {
    wavelengthMeters * slantRangeMeters * tan(incidenceDegrees * .pi / 180) * rangeBandwidthHertz
      / 299_792_458
  }
}
