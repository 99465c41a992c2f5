import Foundation

/// The direction from the ground to the satellite, and **the project's sign convention**: a
/// line-of-sight (LOS) displacement or rate is positive toward the satellite. Uplift is positive,
/// subsidence negative; range increase is negative.
///
/// The unit vector points from the ground to the satellite. For a right-looking radar it is
/// (-sin(theta) cos(h), sin(theta) sin(h), cos(theta)) in (east, north, up), with theta the incidence
/// angle from the vertical and h the heading of the flight, clockwise from north.
/// Source: Hanssen, Radar Interferometry, 2001, section 5.1.
public struct LineOfSight: Sendable, Equatable, Codable {
  public enum LookDirection: String, Sendable, Codable { case right, left }

  /// Angle between the vertical and the line to the satellite, in [0, 90).
  public let incidenceDegrees: Double
  /// Flight direction, clockwise from north.
  public let headingDegrees: Double
  public let look: LookDirection

  /// - Throws: `InSARPhaseError.outOfRange` unless the incidence is in [0, 90) and the heading finite.
  public init(
    incidenceDegrees: Double, headingDegrees: Double, look: LookDirection = .right
  ) throws {
    guard incidenceDegrees >= 0, incidenceDegrees < 90 else {
      throw InSARPhaseError.outOfRange(
        quantity: "the incidence angle in degrees", value: incidenceDegrees,
        expected: "an angle from the vertical of at least 0 and below 90")
    }
    guard headingDegrees.isFinite else {
      throw InSARPhaseError.outOfRange(
        quantity: "the heading in degrees", value: headingDegrees,
        expected: "a direction clockwise from north, such as -12 or 192")
    }
    self.incidenceDegrees = incidenceDegrees
    self.headingDegrees = headingDegrees
    self.look = look
  }

  /// Decodes and checks as the initializer does.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      incidenceDegrees: container.decode(Double.self, forKey: .incidenceDegrees),
      headingDegrees: container.decode(Double.self, forKey: .headingDegrees),
      look: container.decode(LookDirection.self, forKey: .look))
  }

  private init(uncheckedIncidence: Double, heading: Double) {
    incidenceDegrees = uncheckedIncidence
    headingDegrees = heading
    look = .right
  }

  /// The line of sight of a radar.
  public init(_ radar: RadarGeometry) {
    incidenceDegrees = radar.incidenceDegrees
    headingDegrees = radar.headingDegrees
    look = radar.look
  }

  /// Vertical: the LOS rate is the vertical rate.
  public static let vertical = LineOfSight(uncheckedIncidence: 0, heading: 0)
  /// Mid swath of a Sentinel-1 ascending track: the satellite is in the west.
  public static let sentinel1Ascending = LineOfSight(uncheckedIncidence: 39, heading: -12)
  /// Mid swath of a Sentinel-1 descending track: the satellite is in the east.
  public static let sentinel1Descending = LineOfSight(uncheckedIncidence: 39, heading: -168)

  /// From the ground to the satellite, (east, north, up), of length 1.
  public var unitVector: SIMD3<Double> {
    let incidence = incidenceDegrees * .pi / 180
    let heading = headingDegrees * .pi / 180
    let side: Double = look == .right ? 1 : -1
    return SIMD3(
      -side * sin(incidence) * cos(heading), side * sin(incidence) * sin(heading), cos(incidence))
  }

  /// The component of a displacement or rate (east, north, up) toward the satellite, in the same
  /// unit.
  public func project(_ enu: SIMD3<Double>) -> Double { (enu * unitVector).sum() }

  /// `project` for planes of equal size.
  /// - Throws: `InSARPhaseError.sizesDiffer` if the planes differ in size.
  public func project(east: [Float], north: [Float], up: [Float]) throws -> [Float] {
    for (name, plane) in [("the north component", north), ("the up component", up)]
    where plane.count != east.count {
      throw InSARPhaseError.sizesDiffer(quantity: name, expected: east.count, got: plane.count)
    }
    let unit = SIMD3<Float>(unitVector)
    return east.indices.map { east[$0] * unit.x + north[$0] * unit.y + up[$0] * unit.z }
  }
}
