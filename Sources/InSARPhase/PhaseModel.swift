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
  /// Where the ground is covered with something else than `decorrelation` describes.
  public var coherence = CoherenceScene()
  public var goldstein = GoldsteinFilter()

  public init() {}

  /// True height minus DEM height (DEM error), drawn at random if no map is given.
  public struct DEMError: Sendable, Equatable, Codable {
    /// Standard deviation over a large area.
    public var deviationMeters = 5.0
    public var spectrum = TurbulenceSpectrum(slopes2D: [2], outerScaleMeters: 2000)
    public init() {}

    var scale: RandomField.Scale { .planeDeviation(deviationMeters) }
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
    turbulence.check("turbulence", &check)
    stratification.check("stratification", &check)
    orbitalRamp.check("orbitalRamp", &check)
    decorrelation.check("decorrelation", &check)
    coherence.check("coherence", &check)
    goldstein.check("goldstein", &check)
    try check.throwFaults()
  }
}
