import Kernel

/// The settings of the phase model: the components of the paper's equation 1.
///
/// A component that `components` does not name is zero. Every field has a default, so that a
/// configuration contains only what differs.
public struct PhaseModel: Sendable, Equatable, Codable {
  public var components: [PhaseComponent] = [
    .deformation, .topographicError, .turbulence, .orbitalRamp, .decorrelation,
  ]
  public var heightError = DEMError()
  public var turbulence = Turbulence()
  public var stratification = Stratification()
  public var orbitalRamp = OrbitalRamp()
  public var decorrelation = Decorrelation()

  public init() {}

  /// Turbulent delay of one date, in the line of sight.
  public struct Turbulence: Sendable, Equatable, Codable {
    /// Standard deviation of the delay of one date, in m; that of an interferogram is sqrt(2) times
    /// as large.
    public var deviationMeters = 0.008
    public var spectrum = TurbulenceSpectrum.hanssen
    public init() {}
  }

  /// True height minus DEM height (DEM error), drawn at random if no map is given.
  public struct DEMError: Sendable, Equatable, Codable {
    public var deviationMeters = 5.0
    public var spectrum = TurbulenceSpectrum(slopes2D: [2], outerScaleMeters: 2000)
    public init() {}
  }

  public func has(_ component: PhaseComponent) -> Bool { components.contains(component) }

  /// - Throws: `InSARPhaseError.settings` with all faults of all components.
  public func validate() throws {
    var check = ParameterCheck()
    check.require(
      Set(components).count == components.count,
      "components has a duplicate; name each at most once")
    check.notNegative("heightError.deviationMeters", heightError.deviationMeters)
    heightError.spectrum.check("heightError.spectrum", &check)
    check.notNegative("turbulence.deviationMeters", turbulence.deviationMeters)
    turbulence.spectrum.check("turbulence.spectrum", &check)
    stratification.check("stratification", &check)
    orbitalRamp.check("orbitalRamp", &check)
    decorrelation.check("decorrelation", &check)
    try check.throwFaults()
  }
}
