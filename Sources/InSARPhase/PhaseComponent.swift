/// The parts of an interferogram's phase, in the order in which they are added up.
///
/// All are in rad, secondary minus reference. A component that a stack lacks is zero everywhere and
/// not stored. Source: paper GANInSAR, equation 1.
public enum PhaseComponent: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
  /// Motion of the ground; toward the satellite lowers the phase.
  case deformation
  /// Height of the ground above the DEM that was used; lowers the phase of a positive baseline.
  case topographicError = "topographic_error"
  /// Turbulent delay; more delay on the later date raises the phase.
  case turbulence
  /// Delay that goes with height; more delay on the later date raises the phase.
  case stratification
  /// What wrong orbits leave: a plane, or a second-degree surface.
  case orbitalRamp = "orbital_ramp"
  /// Decorrelation noise, within pi of 0; within 2 pi where each date has its own.
  case decorrelation

  /// One sentence for metadata.
  public var meaning: String {
    switch self {
    case .deformation:
      "-4 pi / wavelength times displacement; displacement is positive toward the satellite"
    case .topographicError:
      "-4 pi / wavelength times Bperp dh / (R sin(incidence)); dh is true height minus DEM height"
    case .turbulence: "turbulent delay of the secondary minus that of the reference"
    case .stratification: "height-dependent delay of the secondary minus that of the reference"
    case .orbitalRamp: "planar or quadratic surface left by orbit errors"
    case .decorrelation: "noise of correlated circular complex Gaussian pixels after multilooking"
    }
  }
}
