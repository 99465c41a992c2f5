import Kernel

/// Resampling of patches with replacement: patches are the independent draws, pixels are not.
///
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3 (percentiles).
public struct Bootstrap: Sendable, Equatable, Codable {
  /// Statistics with independent resampling.
  public enum Part: UInt64, Sendable {
    case means, firstSet, secondSet, spectrum, variogram, coupling
  }

  /// 0: no intervals.
  public var resamples = 200
  public var seed: UInt64 = 0

  public init(resamples: Int = 200, seed: UInt64 = 0) throws {
    guard resamples == 0 || resamples >= 2 else {
      throw DeformationStatisticsError.invalidSetting(
        name: "resamples", value: "\(resamples)",
        remedy: "give 0 (no intervals), or 2 or more; 200 is usual.")
    }
    (self.resamples, self.seed) = (resamples, seed)
  }

  /// The number of times that each of `count` patches is drawn in each resample.
  func draws(count: Int, _ part: Part) -> [[Int32]] {
    (0..<resamples).map { resample in
      var random = CounterRandom(seed, .bootstrapResamples, part.rawValue, UInt64(resample))
      var weights = [Int32](repeating: 0, count: count)
      for _ in 0..<count { weights[random.integer(below: count)] += 1 }
      return weights
    }
  }

  /// The mean over patches. Patches without a value (`nil`) are ignored.
  /// - Returns: `nil` if no patch has a value.
  public func mean(_ values: [Double?], of part: Part = .means) -> Estimate? {
    ratio(values.map { $0 ?? 0 }, values.map { $0 == nil ? 0 : 1 }, of: part)
  }

  /// The sum of `numerators` divided by the sum of `denominators`, with one of each per patch.
  /// - Returns: `nil` if the sum of the denominators is zero.
  public func ratio(
    _ numerators: [Double], _ denominators: [Double], of part: Part = .means
  ) -> Estimate? {
    func ratio(_ weights: [Int32]?) -> Double? {
      var (above, below) = (0.0, 0.0)
      for index in numerators.indices {
        let weight = Double(weights?[index] ?? 1)
        above += weight * numerators[index]
        below += weight * denominators[index]
      }
      return below > 0 ? above / below : nil
    }
    guard let value = ratio(nil) else { return nil }
    return interval(
      around: value, draws(count: numerators.count, part).compactMap { ratio($0) },
      patchCount: numerators.count)
  }

  /// `value` with the central 95 % interval of `resampled`.
  func interval(around value: Double, _ resampled: [Double], patchCount: Int) -> Estimate {
    guard patchCount > 1, resampled.count > 1 else { return Estimate(value: value) }
    let sorted = resampled.sorted()
    return Estimate(
      value: value, low: Percentile.value(0.025, ofSorted: sorted, rule: .stepped),
      high: Percentile.value(0.975, ofSorted: sorted, rule: .stepped))
  }
}
