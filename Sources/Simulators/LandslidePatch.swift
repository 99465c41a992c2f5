import Foundation
import Kernel

/// A slow landslide: a sharp-edged body that slides down a uniform slope, in blocks.
///
/// The rate along the slope is the peak rate times smoothstep(depth inside / edge), times a fall from
/// the toe to the crown (or the reverse), times a factor of each block. The motion is
/// (sin(a) cos(s), cos(a) cos(s), -sin(s)) for a slope of s that faces a.
/// Source: slope-parallel motion as in Hilley et al., Science 304, 2004; the shape is our own.
public struct LandslidePatch: DeformationSource, Equatable {
  public static let kind = "landslide-patch"

  /// The outline; its azimuth is the downhill direction of the slope.
  public let outline: IrregularOutline
  /// Largest rate along the slope.
  public let slideCMPerYear: Double
  public let slopeDegrees: Double
  /// Width of the margin over which the rate rises from zero.
  public let edgeMeters: Double
  /// Relative change of the rate from the crown to the toe: 0.5 for a toe that moves twice as fast
  /// as the crown, negative for a crown that moves faster; -0.9 to 0.9.
  public let toeGain: Double
  /// Fraction by which the slowest block is slower than the fastest, 0 to 1.
  public let blockContrast: Double
  public let blocks: BlockNoise

  /// - Throws: `SimulatorError.badSource` for parameters outside the ranges above, a slope outside
  ///   0 to 89 degrees, or an edge of 0 or less.
  public init(
    outline: IrregularOutline, slideCMPerYear: Double, slopeDegrees: Double, edgeMeters: Double,
    toeGain: Double = 0, blockContrast: Double = 0, blocks: BlockNoise
  ) throws {
    self.outline = outline
    self.slideCMPerYear = slideCMPerYear
    self.slopeDegrees = slopeDegrees
    self.edgeMeters = edgeMeters
    self.toeGain = toeGain
    self.blockContrast = blockContrast
    self.blocks = blocks
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    outline.check(into: &check)
    check.finite("slideCMPerYear", slideCMPerYear)
    check.inside("slopeDegrees", slopeDegrees, 0...89)
    check.positive("edgeMeters", edgeMeters)
    check.inside("toeGain", toeGain, -0.9...0.9)
    check.inside("blockContrast", blockContrast, 0...1)
    check.positive("blockLengthMeters", blocks.blockLengthMeters)
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
    let block = blocks.value(eastMeters: eastMeters, northMeters: northMeters)
    let lengthwise = (1 + toeGain * inside.along) / (1 + abs(toeGain))
    let rate =
      slideCMPerYear * smoothStep(inside.meters / edgeMeters) * lengthwise
      * (1 - blockContrast * block)
    let slope = slopeDegrees * .pi / 180
    let facing = outline.azimuthDegrees * .pi / 180
    return rate * SIMD3(sin(facing) * cos(slope), cos(facing) * cos(slope), -sin(slope))
  }
}
