/// The phase of DEM errors.
///
/// phi = -4 pi Bperp dh / (lambda R sin(theta)), with dh the true height minus the DEM height, in
/// m.
/// Source: Hanssen, Radar Interferometry, 2001, section 2.4; the sign is that of MintPy's
/// `dem_error` takes.
public struct TopographicError: Sendable, Equatable, Codable {
  /// Phase of 1 m of height at a perpendicular baseline of 1 m.
  public let radiansPerSquareMeter: Double

  public init(_ radar: RadarGeometry) {
    radiansPerSquareMeter = -4 * .pi / (radar.wavelengthMeters * radar.rangeSineMeters)
  }

  /// Phase in rad of height errors in m. NaN stays NaN.
  public func radians(demErrorMeters: [Float], perpendicularBaselineMeters: Double) -> [Float] {
    let factor = Float(radiansPerSquareMeter * perpendicularBaselineMeters)
    return Planes.scaled(demErrorMeters, by: factor)
  }

  /// Height in m that changes the phase by 2 pi; infinite for a baseline of 0.
  public func heightOfAmbiguityMeters(perpendicularBaselineMeters: Double) -> Double {
    2 * .pi / abs(radiansPerSquareMeter * perpendicularBaselineMeters)
  }
}
