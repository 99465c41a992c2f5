import Foundation
import Kernel

/// A vertical strike-slip fault that slips below a locking depth and may creep near the surface.
///
/// Along strike, x to the right of it: v = s / pi * atan(x / D) + c / pi * atan(d / x), with s the
/// rate below the locking depth D and c the creep from the surface down to d, which causes a step
/// of c at the trace. Positive rates are left-lateral, as in Okada's convention. Along strike both
/// are tapered by error functions at the ends; across strike the deep term tends to +-s / 2.
/// Source: Savage and Burford, Journal of Geophysical Research 78, 1973 (deep slip); Weertman and
/// Weertman, Elementary Dislocation Theory, 1964 (screw dislocation). The taper is not a solution
/// of elasticity: use a finite dislocation if the ends matter.
public struct StrikeSlipFault: DeformationSource, Equatable {
  public static let kind = "strike-slip-fault"

  /// Where the fault meets the ground, as the properties of the fault say.
  public struct Trace: Sendable, Equatable {
    var eastMeters, northMeters, strikeDegrees, lengthMeters, taperMeters: Double

    public init(
      eastMeters: Double, northMeters: Double, strikeDegrees: Double, lengthMeters: Double,
      taperMeters: Double
    ) {
      self.eastMeters = eastMeters
      self.northMeters = northMeters
      self.strikeDegrees = strikeDegrees
      self.lengthMeters = lengthMeters
      self.taperMeters = taperMeters
    }
  }

  /// Middle of the trace.
  public let eastMeters: Double
  public let northMeters: Double
  /// Strike, clockwise from north.
  public let strikeDegrees: Double
  public let lengthMeters: Double
  /// Distance over which the rate decreases at each end.
  public let taperMeters: Double
  public let deepSlipCMPerYear: Double
  public let lockingDepthMeters: Double
  public let creepCMPerYear: Double
  public let creepDepthMeters: Double

  /// - Throws: `SimulatorError.badSource` for a length, taper or depth of 0 or less, or a number that
  ///   is not finite.
  public init(
    _ trace: Trace, deepSlipCMPerYear: Double, lockingDepthMeters: Double,
    creepCMPerYear: Double = 0, creepDepthMeters: Double = 1000
  ) throws {
    eastMeters = trace.eastMeters
    northMeters = trace.northMeters
    strikeDegrees = trace.strikeDegrees
    lengthMeters = trace.lengthMeters
    taperMeters = trace.taperMeters
    self.deepSlipCMPerYear = deepSlipCMPerYear
    self.lockingDepthMeters = lockingDepthMeters
    self.creepCMPerYear = creepCMPerYear
    self.creepDepthMeters = creepDepthMeters
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.finite("eastMeters", eastMeters)
    check.finite("northMeters", northMeters)
    check.finite("strikeDegrees", strikeDegrees)
    check.positive("lengthMeters", lengthMeters)
    check.positive("taperMeters", taperMeters)
    check.finite("deepSlipCMPerYear", deepSlipCMPerYear)
    check.positive("lockingDepthMeters", lockingDepthMeters)
    check.finite("creepCMPerYear", creepCMPerYear)
    check.positive("creepDepthMeters", creepDepthMeters)
    return check.faults
  }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    let (along, across) = rotated(
      east: eastMeters - self.eastMeters, north: northMeters - self.northMeters,
      azimuthDegrees: strikeDegrees)
    let taper =
      (erf((along + lengthMeters / 2) / taperMeters)
        - erf((along - lengthMeters / 2) / taperMeters)) / 2
    let deep = deepSlipCMPerYear * atan(across / lockingDepthMeters)
    let side: Double = across > 0 ? 1 : across < 0 ? -1 : 0
    let creep = creepCMPerYear * side * atan2(creepDepthMeters, abs(across))
    let (east, north) = unrotated(
      along: taper * (deep + creep) / .pi, across: 0, azimuthDegrees: strikeDegrees)
    return SIMD3(east, north, 0)
  }
}
