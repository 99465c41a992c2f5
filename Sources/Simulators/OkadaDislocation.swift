import Foundation
import Kernel

/// A rectangular dislocation in an elastic half-space that slips or opens: an earthquake or
/// creeping fault, a dyke, a sill.
///
/// Slips follow Okada: strike slip is positive if left-lateral, dip slip if the hanging wall moves
/// up (thrust), opening if the sides move apart. The plane dips to the right of its strike.
///
/// Limits, each tested: a dip of 0 and of 90 degrees are allowed (within 0.0006 degrees of 90 the
/// vertical form is used, at a relative error below 1e-5); a top edge at depth 0 is allowed unless the
/// plane is horizontal, and on its trace the displacement is the mean of both sides; the
/// logarithmic singularity at the ends of such a trace is cut off 1 mm from it. A top edge above the
/// surface is an error.
/// Source: Okada, Bull. Seism. Soc. Am. 75, 1985, equations 25 to 30, written in Chinnery's notation.
public struct OkadaDislocation: DeformationSource, Equatable {
  public static let kind = "okada-dislocation"

  /// Where the plane lies, as the properties of the dislocation say.
  public struct Rectangle: Sendable, Equatable {
    var eastMeters, northMeters, topDepthMeters, lengthMeters, widthMeters: Double
    var strikeDegrees, dipDegrees: Double

    public init(
      eastMeters: Double, northMeters: Double, topDepthMeters: Double, lengthMeters: Double,
      widthMeters: Double, strikeDegrees: Double, dipDegrees: Double
    ) {
      self.eastMeters = eastMeters
      self.northMeters = northMeters
      self.topDepthMeters = topDepthMeters
      self.lengthMeters = lengthMeters
      self.widthMeters = widthMeters
      self.strikeDegrees = strikeDegrees
      self.dipDegrees = dipDegrees
    }
  }

  /// Middle of the top edge, seen from above.
  public let eastMeters: Double
  public let northMeters: Double
  public let topDepthMeters: Double
  /// Along strike.
  public let lengthMeters: Double
  /// Down dip.
  public let widthMeters: Double
  /// Clockwise from north.
  public let strikeDegrees: Double
  /// From the horizontal, 0 to 90.
  public let dipDegrees: Double
  public let strikeSlipCMPerYear: Double
  public let dipSlipCMPerYear: Double
  public let openingCMPerYear: Double
  public let poissonRatio: Double

  /// - Throws: `SimulatorError.badSource` for a length or width of 0 or less, a negative depth of the top
  ///   edge, a dip outside 0...90, a horizontal plane at depth 0, a Poisson ratio outside 0...0.5, or
  ///   a number that is not finite.
  public init(
    _ rectangle: Rectangle, strikeSlipCMPerYear: Double = 0, dipSlipCMPerYear: Double = 0,
    openingCMPerYear: Double = 0, poissonRatio: Double = 0.25
  ) throws {
    eastMeters = rectangle.eastMeters
    northMeters = rectangle.northMeters
    topDepthMeters = rectangle.topDepthMeters
    lengthMeters = rectangle.lengthMeters
    widthMeters = rectangle.widthMeters
    strikeDegrees = rectangle.strikeDegrees
    dipDegrees = rectangle.dipDegrees
    self.strikeSlipCMPerYear = strikeSlipCMPerYear
    self.dipSlipCMPerYear = dipSlipCMPerYear
    self.openingCMPerYear = openingCMPerYear
    self.poissonRatio = poissonRatio
    try validate()
  }

  /// A horizontal opening dislocation, given by its middle.
  public static func sill(
    eastMeters: Double, northMeters: Double, depthMeters: Double, lengthMeters: Double,
    widthMeters: Double, strikeDegrees: Double = 0, openingCMPerYear: Double
  ) throws -> OkadaDislocation {
    let (east, north) = unrotated(
      along: 0, across: -widthMeters / 2, azimuthDegrees: strikeDegrees)
    return try OkadaDislocation(
      .init(
        eastMeters: eastMeters + east, northMeters: northMeters + north,
        topDepthMeters: depthMeters,
        lengthMeters: lengthMeters, widthMeters: widthMeters, strikeDegrees: strikeDegrees,
        dipDegrees: 0), openingCMPerYear: openingCMPerYear)
  }

  /// A steep opening dislocation between two depths.
  public static func dyke(
    eastMeters: Double, northMeters: Double, topDepthMeters: Double, bottomDepthMeters: Double,
    lengthMeters: Double, strikeDegrees: Double, dipDegrees: Double = 90, openingCMPerYear: Double
  ) throws -> OkadaDislocation {
    try OkadaDislocation(
      .init(
        eastMeters: eastMeters, northMeters: northMeters, topDepthMeters: topDepthMeters,
        lengthMeters: lengthMeters,
        widthMeters: (bottomDepthMeters - topDepthMeters) / sin(dipDegrees * .pi / 180),
        strikeDegrees: strikeDegrees, dipDegrees: dipDegrees), openingCMPerYear: openingCMPerYear)
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.finite("eastMeters", eastMeters)
    check.finite("northMeters", northMeters)
    check.notNegative("topDepthMeters", topDepthMeters)
    check.positive("lengthMeters", lengthMeters)
    check.positive("widthMeters", widthMeters)
    check.finite("strikeDegrees", strikeDegrees)
    check.inside("dipDegrees", dipDegrees, 0...90)
    check.finite("strikeSlipCMPerYear", strikeSlipCMPerYear)
    check.finite("dipSlipCMPerYear", dipSlipCMPerYear)
    check.finite("openingCMPerYear", openingCMPerYear)
    check.inside("poissonRatio", poissonRatio, 0...0.5)
    var faults = check.faults
    if topDepthMeters == 0 && dipDegrees == 0 {
      faults.append(
        "a horizontal plane (dipDegrees 0) is at the surface: give it a depth above 0")
    }
    return faults
  }

  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    Plane(self).rate(east: eastMeters, north: northMeters)
  }

  /// The angles of the plane are computed once for the whole grid.
  public func add(to field: inout DeformationField) {
    let plane = Plane(self)
    field.add(within: nil) { plane.rate(east: $0, north: $1) }
  }
}

/// The quantities of a dislocation that do not depend on the evaluated point.
private struct Plane {
  let origin: SIMD2<Double>
  let depth: Double  // of the lower edge, Okada's d
  let length: Double
  let width: Double
  let sinStrike: Double
  let cosStrike: Double
  let sinDip: Double
  let cosDip: Double
  let isVertical: Bool
  let elasticity: Double  // mu / (lambda + mu)
  let slip: SIMD3<Double>  // strike, dip, opening, each over 2 pi

  /// Shorter lengths are treated as zero: 1 mm.
  static let smallest = 1e-3

  init(_ source: OkadaDislocation) {
    let strike = source.strikeDegrees * .pi / 180
    let dip = source.dipDegrees * .pi / 180
    sinStrike = sin(strike)
    cosStrike = cos(strike)
    isVertical = abs(cos(dip)) < 1e-5
    sinDip = isVertical ? 1 : sin(dip)
    cosDip = isVertical ? 0 : cos(dip)
    origin = SIMD2(source.eastMeters, source.northMeters)
    length = source.lengthMeters
    width = source.widthMeters
    depth = source.topDepthMeters + width * sinDip
    elasticity = 1 - 2 * source.poissonRatio
    slip =
      SIMD3(source.strikeSlipCMPerYear, source.dipSlipCMPerYear, source.openingCMPerYear)
      / (2 * .pi)
  }

  func rate(east: Double, north: Double) -> SIMD3<Double> {
    let (east, north) = (east - origin.x, north - origin.y)
    let x = east * sinStrike + north * cosStrike + length / 2
    // Okada's y axis points to the left of strike, and his origin is above the lower edge.
    let y = north * sinStrike - east * cosStrike + width * cosDip
    let p = y * cosDip + depth * sinDip
    let q = y * sinDip - depth * cosDip
    let u =
      corner(x, p, q) - corner(x, p - width, q) - corner(x - length, p, q)
      + corner(x - length, p - width, q)
    return SIMD3(
      u.x * sinStrike - u.y * cosStrike, u.x * cosStrike + u.y * sinStrike, u.z)
  }

  /// One term of Chinnery's sum: (along strike, to the left of it, up).
  private func corner(_ xi: Double, _ eta: Double, _ q: Double) -> SIMD3<Double> {
    let smallest = Self.smallest
    let r = max((xi * xi + eta * eta + q * q).squareRoot(), smallest)
    let yTilde = eta * cosDip + q * sinDip
    let dTilde = eta * sinDip - q * cosDip
    let rPlusD = max(r + dTilde, smallest)
    let rPlusEta = r + eta
    let rPlusXi = r + xi
    // If R + eta vanishes, its reciprocal is replaced by 0 and its logarithm by -ln(R - eta).
    let isOnAxis = rPlusEta < 1e-9 * r || rPlusEta < smallest * 1e-3
    let overEta = isOnAxis ? 0 : 1 / (r * rPlusEta)
    let logEta = isOnAxis ? -log(max(r - eta, smallest)) : log(rPlusEta)
    let overXi = rPlusXi < 1e-9 * r || rPlusXi < smallest * 1e-3 ? 0 : 1 / (r * rPlusXi)
    let angle = abs(q) < 1e-9 ? 0 : atan(xi * eta / (q * r))

    let i1: Double
    let i3: Double
    let i4: Double
    let i5: Double
    if isVertical {
      let squared = rPlusD * rPlusD
      i1 = -elasticity / 2 * xi * q / squared
      i3 = elasticity / 2 * (eta / rPlusD + yTilde * q / squared - logEta)
      i4 = -elasticity * q / rPlusD
      i5 = -elasticity * xi / rPlusD
    } else {
      let tangent = sinDip / cosDip
      let big = (xi * xi + q * q).squareRoot()
      i4 = elasticity / cosDip * (log(rPlusD) - sinDip * logEta)
      i3 = elasticity * (yTilde / (cosDip * rPlusD) - logEta) + tangent * i4
      i5 =
        abs(xi) < 1e-9
        ? 0
        : elasticity * 2 / cosDip
          * atan(
            (eta * (big + q * cosDip) + big * (r + big) * sinDip) / (xi * (r + big) * cosDip))
      i1 = -elasticity / cosDip * xi / rPlusD - tangent * i5
    }
    let i2 = -elasticity * logEta - i3

    var u = SIMD3<Double>.zero
    if slip.x != 0 {
      let along = xi * q * overEta + angle + i1 * sinDip
      let left = (yTilde + cosDip * r) * q * overEta + i2 * sinDip
      let up = (dTilde + sinDip * r) * q * overEta + i4 * sinDip
      u -= slip.x * SIMD3(along, left, up)
    }
    if slip.y != 0 {
      let along = q / r - i3 * sinDip * cosDip
      let left = yTilde * q * overXi + cosDip * angle - i1 * sinDip * cosDip
      let up = dTilde * q * overXi + sinDip * angle - i5 * sinDip * cosDip
      u -= slip.y * SIMD3(along, left, up)
    }
    if slip.z != 0 {
      let opening = xi * q * overEta - angle
      let along = q * q * overEta - i3 * sinDip * sinDip
      let left = -dTilde * q * overXi - sinDip * opening - i1 * sinDip * sinDip
      let up = yTilde * q * overXi + cosDip * opening - i5 * sinDip * sinDip
      u += slip.z * SIMD3(along, left, up)
    }
    return u
  }
}
