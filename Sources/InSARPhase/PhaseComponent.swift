/// The components of an interferogram's phase, in the order in which they are added.
///
/// All are in rad, secondary minus reference. A component that a stack does not have is zero and
/// not stored. Source: paper GANInSAR, equation 1.
public enum PhaseComponent: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
  /// Motion of the ground; motion toward the satellite lowers the phase.
  case deformation
  /// Height of the ground above the DEM (DEM error); with a positive baseline it lowers the phase.
  case topographicError = "topographic_error"
  /// Turbulent delay; more delay on the later date raises the phase.
  case turbulence
  /// Delay that depends on height; more delay on the later date raises the phase.
  case stratification
  /// Orbit errors: a plane, or a surface of second degree.
  case orbitalRamp = "orbital_ramp"
  /// Decorrelation noise in [-pi, pi], or [-2 pi, 2 pi] if each date has its own noise.
  case decorrelation

  /// A sentence for metadata.
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
