/// The paper's conditional filter: accepts or rejects a patch by its fraction of quiet pixels.
///
/// A pixel is quiet if |rate| <= `quietRateCMPerYear`; the fraction is that of the pixels with
/// data. The filter is applied to the measured rates, before holes are filled and before any offset
/// or gain.
/// Source: Zhou et al. 2024, section II.B.1 (theta = 30 %, a = 3 cm/yr; off for the last 5 of 81
/// epochs). The paper does not say which side of theta is kept; `atMostTheta` fits its results.
public struct ConditionalFilter: Sendable, Equatable, Codable {
  public enum Direction: String, Sendable, Codable, CaseIterable {
    /// Keeps patches in which most pixels move.
    case atMostTheta
    /// Keeps patches in which most pixels do not move.
    case atLeastTheta
  }

  /// The paper's a, in cm/yr.
  public var quietRateCMPerYear: Double
  /// The paper's theta: a fraction in 0...1.
  public var theta: Double
  public var keep: Direction
  public var epochs: EpochRange

  public init(
    quietRateCMPerYear: Double = 3, theta: Double = 0.30, keep: Direction = .atMostTheta,
    epochs: EpochRange = EpochRange(from: 0, until: 76)
  ) {
    self.quietRateCMPerYear = quietRateCMPerYear
    self.theta = theta
    self.keep = keep
    self.epochs = epochs
  }

  /// False for NaN.
  @inline(__always)
  public func isQuiet(_ rateCMPerYear: Float) -> Bool {
    abs(rateCMPerYear) <= Float(quietRateCMPerYear)
  }

  /// The numbers of quiet pixels and of pixels with data in `rates` (cm/yr, NaN: no data).
  public func count(_ rates: [Float]) -> (quiet: Int, valid: Int) {
    let limit = Float(quietRateCMPerYear)
    var quiet = 0
    var valid = 0
    for rate in rates {
      if abs(rate) <= limit { quiet += 1 }
      if !rate.isNaN { valid += 1 }
    }
    return (quiet, valid)
  }

  /// Whether a patch with these counts is kept; a patch without data never is.
  public func keeps(quiet: Int, valid: Int) -> Bool {
    guard valid > 0 else { return false }
    let share = Double(quiet) / Double(valid)
    return switch keep {
    case .atMostTheta: share <= theta
    case .atLeastTheta: share >= theta
    }
  }

  func faults(_ key: String) -> [String] {
    var faults = epochs.faults("\(key).epochs")
    if !(0...1e6).contains(quietRateCMPerYear) {
      faults.append(
        "\(key).quietRateCMPerYear is \(quietRateCMPerYear); give a rate from 0 to 1e6 cm/yr.")
    }
    if !(0...1).contains(theta) {
      faults.append("\(key).theta is \(theta); give a fraction from 0 to 1 (0.30 for 30 %).")
    }
    return faults
  }
}
