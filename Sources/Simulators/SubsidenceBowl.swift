import Foundation
import Kernel

/// A Gaussian bowl of settlement (or swelling): tunnels, wells, extraction, thawing ground.
///
/// up = rate * exp(-(a^2 / 2 sigmaA^2 + b^2 / 2 sigmaB^2)), a along the azimuth and b across it;
/// the horizontal rate is up / depth times the offset from the center: it points inward for
/// subsidence. With equal sigmas it is Peck's transverse trough as a bowl.
/// Source: Peck, Proc. 7th Int. Conf. Soil Mechanics, 1969 (profile); O'Reilly and New, Tunnelling
/// '82, 1982 (horizontal part).
public struct SubsidenceBowl: DeformationSource, Equatable {
  public static let kind = "subsidence-bowl"

  public let eastMeters: Double
  public let northMeters: Double
  /// Vertical rate at the center, negative for subsidence.
  public let peakUpCMPerYear: Double
  /// Distance of the inflection point from the center, along the azimuth.
  public let sigmaAlongMeters: Double
  /// Distance of the inflection point from the center, across the azimuth.
  public let sigmaAcrossMeters: Double
  /// Direction of the first axis, clockwise from north.
  public let azimuthDegrees: Double
  /// Depth to which the horizontal motion points.
  public let depthMeters: Double

  /// - Throws: `SimulatorError.badSource` for a sigma or depth of 0 or less, or a number that is not
  ///   finite.
  public init(
    eastMeters: Double, northMeters: Double, peakUpCMPerYear: Double, sigmaAlongMeters: Double,
    sigmaAcrossMeters: Double, azimuthDegrees: Double = 0, depthMeters: Double
  ) throws {
    self.eastMeters = eastMeters
    self.northMeters = northMeters
    self.peakUpCMPerYear = peakUpCMPerYear
    self.sigmaAlongMeters = sigmaAlongMeters
    self.sigmaAcrossMeters = sigmaAcrossMeters
    self.azimuthDegrees = azimuthDegrees
    self.depthMeters = depthMeters
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.finite("eastMeters", eastMeters)
    check.finite("northMeters", northMeters)
    check.finite("peakUpCMPerYear", peakUpCMPerYear)
    check.positive("sigmaAlongMeters", sigmaAlongMeters)
    check.positive("sigmaAcrossMeters", sigmaAcrossMeters)
    check.finite("azimuthDegrees", azimuthDegrees)
    check.positive("depthMeters", depthMeters)
    return check.faults
  }

  /// Six sigmas: 1.5e-8 of the peak remains there.
  public var bounds: GroundBounds? {
    GroundBounds(
      eastMeters: eastMeters, northMeters: northMeters,
      reachMeters: 6 * max(sigmaAlongMeters, sigmaAcrossMeters))
  }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    let east = eastMeters - self.eastMeters
    let north = northMeters - self.northMeters
    let (along, across) = rotated(east: east, north: north, azimuthDegrees: azimuthDegrees)
    let a = along / sigmaAlongMeters
    let b = across / sigmaAcrossMeters
    let up = peakUpCMPerYear * exp(-(a * a + b * b) / 2)
    return SIMD3(east * up / depthMeters, north * up / depthMeters, up)
  }
}

/// The components of an offset along an azimuth (clockwise from north) and to the right of it.
func rotated(
  east: Double, north: Double, azimuthDegrees: Double
) -> (along: Double, across: Double) {
  let azimuth = azimuthDegrees * .pi / 180
  let (s, c) = (sin(azimuth), cos(azimuth))
  return (east * s + north * c, east * c - north * s)
}

/// The east and north components of a vector given along an azimuth and to the right of it.
func unrotated(
  along: Double, across: Double, azimuthDegrees: Double
) -> (east: Double, north: Double) {
  let azimuth = azimuthDegrees * .pi / 180
  let (s, c) = (sin(azimuth), cos(azimuth))
  return (along * s + across * c, along * c - across * s)
}
