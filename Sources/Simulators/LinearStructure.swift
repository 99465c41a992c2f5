import Foundation
import Kernel

/// A road embankment, railway, levee or buried line, parts of which settle.
///
/// up = rate * exp(-(distance to the line)^2 / 2 sigma^2), times a factor between 0 and 1 that
/// varies along the line, so that some parts move and others do not.
public struct LinearStructure: DeformationSource, Equatable {
  public static let kind = "linear-structure"

  public struct Point: Sendable, Equatable, Codable {
    public var eastMeters: Double
    public var northMeters: Double

    public init(eastMeters: Double, northMeters: Double) {
      self.eastMeters = eastMeters
      self.northMeters = northMeters
    }
  }

  /// Corners of the line, at least two.
  public let points: [Point]
  public let peakUpCMPerYear: Double
  /// Half the width of the settling strip: the sigma of the Gaussian.
  public let sigmaMeters: Double
  /// The factor along the line is 2 times this noise plus `stretchBias`, clipped to 0...1.
  public let stretches: SmoothNoise
  /// 1 or more: the whole line moves; 0: about half of it.
  public let stretchBias: Double

  /// - Throws: `SimulatorError.badSource` for fewer than two points, a sigma of 0 or less, or numbers
  ///   that are not finite.
  public init(
    points: [Point], peakUpCMPerYear: Double, sigmaMeters: Double, stretches: SmoothNoise,
    stretchBias: Double = 0
  ) throws {
    self.points = points
    self.peakUpCMPerYear = peakUpCMPerYear
    self.sigmaMeters = sigmaMeters
    self.stretches = stretches
    self.stretchBias = stretchBias
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.inside("number of points", Double(points.count), 2...10_000)
    for point in points {
      check.finite("eastMeters", point.eastMeters)
      check.finite("northMeters", point.northMeters)
    }
    check.finite("peakUpCMPerYear", peakUpCMPerYear)
    check.positive("sigmaMeters", sigmaMeters)
    check.finite("stretchBias", stretchBias)
    stretches.check(into: &check)
    return check.faults
  }

  public var bounds: GroundBounds? {
    var bounds = GroundBounds(
      eastMeters: points[0].eastMeters, northMeters: points[0].northMeters, reachMeters: 0)
    for point in points {
      bounds.westMeters = min(bounds.westMeters, point.eastMeters)
      bounds.eastMeters = max(bounds.eastMeters, point.eastMeters)
      bounds.southMeters = min(bounds.southMeters, point.northMeters)
      bounds.northMeters = max(bounds.northMeters, point.northMeters)
    }
    return bounds.grown(byMeters: 6 * sigmaMeters)
  }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    var nearest = Double.infinity
    for (start, end) in zip(points, points.dropFirst()) {
      let (dx, dy) = (end.eastMeters - start.eastMeters, end.northMeters - start.northMeters)
      let (px, py) = (eastMeters - start.eastMeters, northMeters - start.northMeters)
      let lengthSquared = dx * dx + dy * dy
      let share =
        lengthSquared == 0 ? 0 : min(max((px * dx + py * dy) / lengthSquared, 0), 1)
      let (ox, oy) = (px - share * dx, py - share * dy)
      nearest = min(nearest, ox * ox + oy * oy)
    }
    let squared = nearest / (sigmaMeters * sigmaMeters)
    guard squared < 36 else { return .zero }
    let noise = stretches.value(eastMeters: eastMeters, northMeters: northMeters)
    let factor = smoothStep(2 * noise + stretchBias)
    return SIMD3(0, 0, peakUpCMPerYear * factor * exp(-squared / 2))
  }
}
