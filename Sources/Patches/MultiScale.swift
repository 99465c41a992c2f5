/// The paper's multi-scale sampling: the source window is a multiple of the patch, downsampled.
///
/// Source: Zhou et al. 2024, section II.B.2 ("2x hybrid-sampled"). The paper does not state the
/// mix; half of each is our choice.
public struct MultiScale: Sendable, Equatable, Codable {
  public struct Scale: Sendable, Equatable, Codable {
    /// Number of source pixels per patch pixel, along each axis.
    public var factor: Int
    /// Relative frequency of patches at this scale.
    public var weight: Double

    public init(factor: Int, weight: Double) {
      self.factor = factor
      self.weight = weight
    }
  }

  public var mix: [Scale]
  /// Outside these epochs all patches have the resolution of the scenes.
  public var epochs: EpochRange

  public init(
    mix: [Scale] = [Scale(factor: 1, weight: 0.5), Scale(factor: 2, weight: 0.5)],
    epochs: EpochRange = .always
  ) {
    self.mix = mix
    self.epochs = epochs
  }

  func faults(_ key: String) -> [String] {
    var faults = epochs.faults("\(key).epochs")
    for (position, scale) in mix.enumerated() {
      if !(1...64).contains(scale.factor) {
        faults.append("\(key).mix[\(position)].factor is \(scale.factor); give 1 to 64.")
      }
      if !(0...1e6).contains(scale.weight) {
        faults.append(
          "\(key).mix[\(position)].weight is \(scale.weight); give a number from 0 to 1e6.")
      }
    }
    if Set(mix.map(\.factor)).count < mix.count {
      faults.append("\(key).mix has a factor twice; add their weights in one entry.")
    }
    if !mix.contains(where: { $0.weight > 0 }) {
      faults.append("\(key).mix has no positive weight; [{factor: 1, weight: 1}] turns it off.")
    }
    return faults
  }
}
