import Kernel

/// Random transformations of an accepted patch that keep it a plausible deformation-rate map.
///
/// Flips and right-angle rotations keep every value exactly. Zoom resamples. The last three are not
/// safe for deformation and are off by default: a sign flip turns uplift into subsidence, a gain
/// changes rates, a rotation by small angles changes the spectrum.
/// Source: Zhou et al. 2024, section II.B.2 (flipping, scaling, rotation; it gives no settings).
public struct Augmentation: Sendable, Equatable, Codable {
  public var flips = true
  public var rightAngleRotations = true
  /// The zoom is drawn log-uniformly between the limits; 2 shows a window half as wide.
  public var minimumZoom = 1.0
  public var maximumZoom = 1.0
  /// Unsafe. 0 to 1.
  public var signFlipProbability = 0.0
  /// Unsafe. Rates are multiplied by a number drawn log-uniformly between the limits.
  public var minimumGain = 1.0
  public var maximumGain = 1.0
  /// Unsafe. Each patch is rotated by an angle drawn from -`maximumRotationDegrees` to
  /// `maximumRotationDegrees`.
  public var maximumRotationDegrees = 0.0
  public var epochs = EpochRange.always

  public init() {}

  /// Whether patches are resampled.
  var resamples: Bool { minimumZoom != 1 || maximumZoom != 1 || maximumRotationDegrees > 0 }

  /// The symmetries of the square that the settings allow.
  var symmetries: [SquareSymmetry] {
    SquareSymmetry.all.filter { symmetry in
      switch (flips, rightAngleRotations) {
      case (true, true): true
      case (true, false): symmetry.quarterTurns.isMultiple(of: 2)
      case (false, true): !symmetry.mirrors
      case (false, false): symmetry == .identity
      }
    }
  }

  func faults(_ key: String) -> [String] {
    var faults = epochs.faults("\(key).epochs")
    if !(minimumZoom >= 0.5 && minimumZoom <= maximumZoom && maximumZoom <= 8) {
      faults.append(
        "\(key).minimumZoom...maximumZoom is \(minimumZoom)...\(maximumZoom); give limits in order "
          + "from 0.5 (below that, use multiScale, which averages) to 8.")
    }
    if !(minimumGain > 0 && minimumGain <= maximumGain && maximumGain <= 1e6) {
      faults.append(
        "\(key).minimumGain...maximumGain is \(minimumGain)...\(maximumGain); give positive "
          + "limits in order, up to 1e6.")
    }
    if !(0...1).contains(signFlipProbability) {
      faults.append("\(key).signFlipProbability is \(signFlipProbability); give 0 to 1.")
    }
    if !(0...45).contains(maximumRotationDegrees) {
      faults.append("\(key).maximumRotationDegrees is \(maximumRotationDegrees); give 0 to 45.")
    }
    return faults
  }
}
