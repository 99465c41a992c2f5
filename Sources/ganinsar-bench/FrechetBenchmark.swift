import Evaluation
import FeatureMetrics
import Foundation
import Kernel

/// Measures the time of the Frechet distance, from features to the distance.
struct FrechetBenchmark: Sendable, Codable, Equatable {
  let samples: [Int]
  let fid: Double
  let wallSeconds: Double
  let cpuSeconds: Double

  /// - Parameters: files with the features of two sets, for `FeatureSet.read`.
  /// - Throws: the errors of `FeatureSet.read`; `FeatureMetricsError`.
  init(_ first: String, _ second: String, _ algebra: some MatrixAlgebra) throws {
    let sets = try [FeatureSet.read(first), FeatureSet.read(second)]
    let start = Date()
    let cpu = ProcessUsage.current().cpuSeconds
    fid = try FrechetDistance.between(sets[0], sets[1], algebra)
    wallSeconds = Date().timeIntervalSince(start)
    cpuSeconds = ProcessUsage.current().cpuSeconds - cpu
    samples = sets.map(\.count)
  }
}
