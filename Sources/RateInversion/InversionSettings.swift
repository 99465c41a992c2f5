/// How rates are estimated from a stack.
public struct InversionSettings: Sendable, Equatable, Codable {
  public var weighting = Weighting.inverseVariance
  /// Independent looks of the interferograms; they matter to `weighting` only.
  public var looks = 5.0
  /// Whether the height error is estimated beside the rate; else it is taken as 0.
  public var estimatesHeightError = true
  /// Threads; 0 for one a processor.
  public var threads = 0

  public init() {}

  func faults() -> [String] {
    var faults: [String] = []
    if !(1...10_000).contains(looks) {
      faults.append("looks is \(looks); give a number in 1...10000")
    }
    if !(0...1024).contains(threads) {
      faults.append("threads is \(threads); give a number in 0...1024")
    }
    return faults
  }
}
