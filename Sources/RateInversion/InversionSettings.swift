/// Settings of the estimation of rates from a stack.
public struct InversionSettings: Sendable, Equatable, Codable {
  public var weighting = Weighting.inverseVariance
  /// Number of independent looks of the interferograms; used only by `weighting`.
  public var looks = 5.0
  /// Whether the DEM error is estimated together with the rate; otherwise it is assumed to be 0.
  public var estimatesHeightError = true
  /// Number of threads; 0 for one per processor.
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
