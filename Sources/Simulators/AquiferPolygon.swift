import Foundation
import Kernel

/// A compacting (or recharging) aquifer or oil field: a plateau within an irregular outline, with a
/// gentle rim on one side and a sharp one where a fault or a bedrock margin bounds it.
///
/// up = rate * smoothstep(depth inside / rim) * (1 + heterogeneity * noise). Vertical motion only,
/// as in a one-dimensional compaction of layers that are thin against their width.
/// Source: Terzaghi's consolidation as applied in Galloway and Burbey, Hydrogeology Journal 19,
/// 2011; the shape is our own.
public struct AquiferPolygon: DeformationSource, Equatable {
  public static let kind = "aquifer-polygon"

  public let outline: IrregularOutline
  public let plateauUpCMPerYear: Double
  /// Width of the rim, inward from the outline, on its gentle side.
  public let rimMeters: Double
  /// Fraction by which the rim is narrower on the sharp side, 0 to 0.95.
  public let rimAsymmetry: Double
  /// Direction of the gentle side, clockwise from the outline's azimuth.
  public let gentleSideDegrees: Double
  /// Strength of the thickness variations inside, 0 to 0.6.
  public let heterogeneity: Double
  public let noise: SmoothNoise

  /// - Throws: `SimulatorError.badSource` for parameters outside the ranges above.
  public init(
    outline: IrregularOutline, plateauUpCMPerYear: Double, rimMeters: Double,
    rimAsymmetry: Double = 0, gentleSideDegrees: Double = 0, heterogeneity: Double = 0,
    noise: SmoothNoise
  ) throws {
    self.outline = outline
    self.plateauUpCMPerYear = plateauUpCMPerYear
    self.rimMeters = rimMeters
    self.rimAsymmetry = rimAsymmetry
    self.gentleSideDegrees = gentleSideDegrees
    self.heterogeneity = heterogeneity
    self.noise = noise
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    outline.check(into: &check)
    check.finite("plateauUpCMPerYear", plateauUpCMPerYear)
    check.positive("rimMeters", rimMeters)
    check.inside("rimAsymmetry", rimAsymmetry, 0...0.95)
    check.finite("gentleSideDegrees", gentleSideDegrees)
    check.inside("heterogeneity", heterogeneity, 0...0.6)
    noise.check(into: &check)
    return check.faults
  }

  public var bounds: GroundBounds? {
    GroundBounds(
      eastMeters: outline.eastMeters, northMeters: outline.northMeters,
      reachMeters: outline.reachMeters)
  }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    let inside = outline.depthInside(eastMeters: eastMeters, northMeters: northMeters)
    guard inside.meters > 0 else { return .zero }
    let angle = atan2(inside.across, inside.along) - gentleSideDegrees * .pi / 180
    let rim = rimMeters * (1 - rimAsymmetry * (1 - cos(angle)) / 2)
    let variation =
      heterogeneity == 0
      ? 0 : heterogeneity * noise.value(eastMeters: eastMeters, northMeters: northMeters)
    let up = plateauUpCMPerYear * smoothStep(inside.meters / rim) * (1 + variation)
    return SIMD3(0, 0, up)
  }
}
