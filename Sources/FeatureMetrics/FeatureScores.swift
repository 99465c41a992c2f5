import Kernel

/// The feature metrics of one set against the real one.
public struct FeatureScores: Sendable, Equatable, Codable {
  /// Number of samples of both sets.
  public var realCount: Int
  public var count: Int
  public var fid: Estimate
  /// `nil` below 1000 samples, for which FID is not linear in 1/N; without an interval below 2000.
  public var fidInfinity: Estimate?
  public var kid: Estimate
  public var precision: Estimate
  public var recall: Estimate
  public var density: Estimate
  public var coverage: Estimate
  /// How often a classifier tells the samples from the real ones, 0.5 if it cannot; `nil` for few
  /// samples and in records of earlier versions.
  public var twoSampleAccuracy: Estimate?
  /// The same of a small network that sees the images; `nil` also if no such network was handed in.
  public var networkAccuracy: Estimate?
}

extension FeatureScores {
  /// Warnings about metrics from few samples, one sentence each.
  public static func warnings(count: Int, dimension: Int = 2048) -> [String] {
    if count < dimension {
      return [
        "FID of \(count) samples is biased upward and its covariance has not full rank: compare it "
          + "only with the control and with sets of the same size (5000 or more are usual)."
      ]
    }
    return count < 5000
      ? ["FID of \(count) samples is biased upward; 5000 or more are usual."] : []
  }
}
