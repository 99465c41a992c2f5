import Foundation
import Kernel

/// The trough above a rectangular longwall panel, by the influence function of Knothe and Budryk.
///
/// up = rate * F(a, length) * F(b, width), F(x, l) = (erf(sqrt(pi) (x + l/2) / r)
/// - erf(sqrt(pi) (x - l/2) / r)) / 2, r = depth / tan(beta): the bottom is flat if the panel is
///   wide compared with r, and the rate is half of that above the panel's edges. The horizontal
///   rate is -r / sqrt(2 pi) times the slope of the trough.
/// Source: Knothe, Proc. European Congress on Ground Movement, Leeds, 1957; Kratzsch, Mining
/// Subsidence Engineering, 1983 (horizontal part).
public struct KnotheTrough: DeformationSource, Equatable {
  public static let kind = "knothe-trough"

  public let eastMeters: Double
  public let northMeters: Double
  /// Rate of the flat bottom over a panel that is wide compared with r, in cm/yr; negative for
  /// subsidence.
  public let fullUpCMPerYear: Double
  public let panelLengthMeters: Double
  public let panelWidthMeters: Double
  /// Direction of the panel's length, clockwise from north.
  public let azimuthDegrees: Double
  public let depthMeters: Double
  /// Angle of main influence, beta, between the horizontal and the limit of influence.
  public let influenceAngleDegrees: Double

  /// - Throws: `SimulatorError.badSource` for a length, width or depth of 0 or less, an angle of
  ///   influence outside 20 to 85 degrees, or a number that is not finite.
  public init(
    eastMeters: Double, northMeters: Double, fullUpCMPerYear: Double, panelLengthMeters: Double,
    panelWidthMeters: Double, azimuthDegrees: Double = 0, depthMeters: Double,
    influenceAngleDegrees: Double = 63
  ) throws {
    self.eastMeters = eastMeters
    self.northMeters = northMeters
    self.fullUpCMPerYear = fullUpCMPerYear
    self.panelLengthMeters = panelLengthMeters
    self.panelWidthMeters = panelWidthMeters
    self.azimuthDegrees = azimuthDegrees
    self.depthMeters = depthMeters
    self.influenceAngleDegrees = influenceAngleDegrees
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.finite("eastMeters", eastMeters)
    check.finite("northMeters", northMeters)
    check.finite("fullUpCMPerYear", fullUpCMPerYear)
    check.positive("panelLengthMeters", panelLengthMeters)
    check.positive("panelWidthMeters", panelWidthMeters)
    check.finite("azimuthDegrees", azimuthDegrees)
    check.positive("depthMeters", depthMeters)
    check.inside("influenceAngleDegrees", influenceAngleDegrees, 20...85)
    return check.faults
  }

  public var influenceRadiusMeters: Double {
    depthMeters / tan(influenceAngleDegrees * .pi / 180)
  }

  /// Two and a half influence radii around the panel, where erfc has fallen to 1e-9.
  public var bounds: GroundBounds? {
    let corner = hypot(panelLengthMeters, panelWidthMeters) / 2
    return GroundBounds(
      eastMeters: eastMeters, northMeters: northMeters,
      reachMeters: corner + 2.5 * influenceRadiusMeters)
  }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    let (along, across) = rotated(
      east: eastMeters - self.eastMeters, north: northMeters - self.northMeters,
      azimuthDegrees: azimuthDegrees)
    let radius = influenceRadiusMeters
    let (f, fSlope) = Self.profile(along, length: panelLengthMeters, radius: radius)
    let (g, gSlope) = Self.profile(across, length: panelWidthMeters, radius: radius)
    let horizontal = -radius / (2 * Double.pi).squareRoot() * fullUpCMPerYear
    let (east, north) = unrotated(
      along: horizontal * fSlope * g, across: horizontal * f * gSlope,
      azimuthDegrees: azimuthDegrees)
    return SIMD3(east, north, fullUpCMPerYear * f * g)
  }

  /// The fraction of the full rate at distance `x` in m from the middle of a panel, and its
  /// derivative in 1/m.
  private static func profile(
    _ x: Double, length: Double, radius: Double
  ) -> (share: Double, slope: Double) {
    let a = (x + length / 2) / radius
    let b = (x - length / 2) / radius
    let root = Double.pi.squareRoot()
    return (
      (erf(root * a) - erf(root * b)) / 2, (exp(-.pi * a * a) - exp(-.pi * b * b)) / radius
    )
  }
}
