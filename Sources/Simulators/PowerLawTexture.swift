import RunSupport

/// A rough, isotropic random field: what atmosphere and noise leave in a rate map.
///
/// Convention: `spectralSlope` is beta of the **two-dimensional** power spectrum,
/// P(k) proportional to (k^2 + k0^2)^(-beta / 2), k in cycles per metre, k0 = 1 / outerScaleMeters.
/// A profile through the field has a slope one less (Hanssen's one-dimensional 5/3 is 8/3 here).
/// White noise is filtered in the frequency domain; the mean over the grid is zero.
/// Source: spectral synthesis, Saupe in The Science of Fractal Images, 1988; Hanssen, Radar
/// Interferometry, 2001, section 4.7.
public struct PowerLawTexture: Sendable, Equatable, Codable {
  public let seed: UInt64
  public let spectralSlope: Double
  /// Expected standard deviation over the scene.
  public let standardDeviationCMPerYear: Double
  /// Beyond this wavelength the spectrum is flat, so that no ramp is left across a scene.
  public let outerScaleMeters: Double

  /// - Throws: `SimulatorError.badSource` for a slope outside 0 to 6, a negative standard deviation or
  ///   an outer scale of 0 or less.
  public init(
    seed: UInt64, spectralSlope: Double, standardDeviationCMPerYear: Double,
    outerScaleMeters: Double
  ) throws {
    self.seed = seed
    self.spectralSlope = spectralSlope
    self.standardDeviationCMPerYear = standardDeviationCMPerYear
    self.outerScaleMeters = outerScaleMeters
    var check = ParameterCheck()
    check.inside("spectralSlope", spectralSlope, 0...6)
    check.notNegative("standardDeviationCMPerYear", standardDeviationCMPerYear)
    check.positive("outerScaleMeters", outerScaleMeters)
    guard check.faults.isEmpty else {
      throw SimulatorError.badSource(kind: "power-law texture", faults: check.faults)
    }
  }

  /// The field in cm/yr, of the grid's shape.
  public func values(grid: SceneGrid) throws -> [Float] {
    var random = CounterRandom(seed)
    let sd = Float(standardDeviationCMPerYear)
    return (0..<grid.count).map { _ in sd * Float(random.normal()) }
  }
}
