import Kernel

/// The paper's random offset: the whole patch is shifted by one constant.
///
/// Source: Zhou et al. 2024, section II.B.1: uniform in [-5, 5], in the first ten epochs.
public struct RateOffset: Sendable, Equatable, Codable {
  public enum Mode: String, Sendable, Codable, CaseIterable {
    /// As in the paper: the generator learns the offsets too.
    case realsOnly
    /// The trainer adds the same offsets to the generated patches, so that the generator does not
    /// learn them.
    case realsAndFakes
  }

  /// The offset is uniform in [-`maximumCMPerYear`, `maximumCMPerYear`].
  public var maximumCMPerYear: Double
  public var mode: Mode
  public var epochs: EpochRange

  public init(
    maximumCMPerYear: Double = 5, mode: Mode = .realsOnly,
    epochs: EpochRange = EpochRange(from: 0, until: 10)
  ) {
    self.maximumCMPerYear = maximumCMPerYear
    self.mode = mode
    self.epochs = epochs
  }

  /// The offset of one patch in cm/yr: 0 outside `epochs`.
  public func draw(epoch: Int, from random: inout CounterRandom) -> Float {
    guard epochs.contains(epoch), maximumCMPerYear > 0 else { return 0 }
    return Float(random.uniform(-maximumCMPerYear...maximumCMPerYear))
  }

  func faults(_ key: String) -> [String] {
    var faults = epochs.faults("\(key).epochs")
    if !(0...1e6).contains(maximumCMPerYear) {
      faults.append(
        "\(key).maximumCMPerYear is \(maximumCMPerYear); give a rate from 0 to 1e6 cm/yr.")
    }
    return faults
  }
}
