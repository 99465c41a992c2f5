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

/// One interferogram and everything that it was made of. Planes are row-major, row 0 in the north.
public struct Interferogram: Sendable, Equatable {
  /// Its place in `InterferogramNetwork.pairs`.
  public let index: Int
  public let width: Int
  public let height: Int
  /// The components there are, each [height x width] in rad.
  public let componentsRadians: [PhaseComponent: [Float]]
  /// Their sum in the order of `PhaseComponent.allCases`, [height x width]; NaN where there is no
  /// data.
  public let unwrappedRadians: [Float]
  /// `unwrappedRadians` in [-pi, pi), [height x width].
  public let wrappedRadians: [Float]
  /// Coherence in [0, 1], [height x width]; 1 in a stack without decorrelation.
  public let coherence: [Float]

  /// Adds the components up and wraps the sum.
  /// - Throws: `InSARPhaseError.sizesDiffer` unless every plane holds width x height values.
  public init(
    index: Int, width: Int, height: Int, componentsRadians: [PhaseComponent: [Float]],
    coherence: [Float]
  ) throws {
    let count = width * height
    guard coherence.count == count else {
      throw InSARPhaseError.sizesDiffer(
        quantity: "the coherence", expected: count, got: coherence.count)
    }
    var sum = [Float](repeating: 0, count: count)
    for component in PhaseComponent.allCases {
      guard let plane = componentsRadians[component] else { continue }
      guard plane.count == count else {
        throw InSARPhaseError.sizesDiffer(
          quantity: "the component \(component.rawValue)", expected: count, got: plane.count)
      }
      for pixel in 0..<count { sum[pixel] += plane[pixel] }
    }
    self.index = index
    self.width = width
    self.height = height
    self.componentsRadians = componentsRadians
    unwrappedRadians = sum
    wrappedRadians = wrapped(sum)
    self.coherence = coherence
  }
}
