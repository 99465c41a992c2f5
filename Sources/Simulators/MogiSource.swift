import Foundation
import Kernel

/// A small spherical pressure source in an elastic half-space: a magma or gas reservoir.
///
/// u = (1 - nu) dV / pi * (dx, dy, d) / (dx^2 + dy^2 + d^2)^(3/2): uplift and outward motion for a
/// positive volume change. Valid if the sphere is small compared with its depth.
/// Source: Mogi, Bulletin of the Earthquake Research Institute 36, 1958; volume form as in Segall,
/// Earthquake and Volcano Deformation, 2010, equation 7.14.
public struct MogiSource: DeformationSource, Equatable {
  public static let kind = "mogi"

  public let eastMeters: Double
  public let northMeters: Double
  /// Depth of the center below the surface, positive down.
  public let depthMeters: Double
  /// Growth of the sphere; negative for deflation.
  public let volumeRateCubicMetersPerYear: Double
  public let poissonRatio: Double

  /// - Throws: `SimulatorError.badSource` for a depth of 0 or less, a Poisson ratio outside 0...0.5,
  ///   or a number that is not finite.
  public init(
    eastMeters: Double, northMeters: Double, depthMeters: Double,
    volumeRateCubicMetersPerYear: Double, poissonRatio: Double = 0.25
  ) throws {
    self.eastMeters = eastMeters
    self.northMeters = northMeters
    self.depthMeters = depthMeters
    self.volumeRateCubicMetersPerYear = volumeRateCubicMetersPerYear
    self.poissonRatio = poissonRatio
    try validate()
  }

  /// A source with an uplift rate of `peakUpCMPerYear` above it.
  public init(
    eastMeters: Double, northMeters: Double, depthMeters: Double, peakUpCMPerYear: Double,
    poissonRatio: Double = 0.25
  ) throws {
    try self.init(
      eastMeters: eastMeters, northMeters: northMeters, depthMeters: depthMeters,
      volumeRateCubicMetersPerYear: peakUpCMPerYear / 100 * .pi * depthMeters * depthMeters
        / (1 - poissonRatio),
      poissonRatio: poissonRatio)
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.finite("eastMeters", eastMeters)
    check.finite("northMeters", northMeters)
    check.positive("depthMeters", depthMeters)
    check.finite("volumeRateCubicMetersPerYear", volumeRateCubicMetersPerYear)
    check.inside("poissonRatio", poissonRatio, 0...0.5)
    return check.faults
  }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    let toPoint = SIMD3(eastMeters - self.eastMeters, northMeters - self.northMeters, depthMeters)
    let distanceSquared = (toPoint * toPoint).sum()
    let strength = 100 * (1 - poissonRatio) * volumeRateCubicMetersPerYear / .pi
    return toPoint * (strength / (distanceSquared * distanceSquared.squareRoot()))
  }
}
