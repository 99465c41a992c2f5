/// A number with its 95 % interval, over other draws of as many samples.
public struct Estimate: Sendable, Equatable, Codable {
  public var value: Double
  /// `nil` if it was not computed.
  public var standardError: Double?
  /// The 2.5th and 97.5th percentile; `nil` for a single sample, and where nothing is resampled.
  public var low: Double?
  public var high: Double?

  public init(
    value: Double, standardError: Double? = nil, low: Double? = nil, high: Double? = nil
  ) {
    self.value = value
    self.standardError = standardError
    self.low = low
    self.high = high
  }
}
