import Foundation
import TestSupport

@testable import DeformationStatistics
@testable import Kernel

/// What scripts/fixtures/make_statistics.py wrote.
struct StatisticsFixture: Decodable {
  struct Case: Decodable, Sendable {
    var size: Int
    var patch: [Float]
    var rings: [Double]
    var lags: [Int]
    var variogram: [Double]
    var threshold: Float
    var minimumArea: Int
    var components: [[Double]]
    var quietShare: Double
    var meanGradient: Double
    var radiansPerCMPerYear: Double
    var fringes: Double
    var residues: Int
  }

  var cases: [Case]
  var a: [Float]
  var b: [Float]
  var wasserstein: Double

  static func load() throws -> StatisticsFixture {
    let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("statistics.json")))
    return try JSONDecoder().decode(StatisticsFixture.self, from: data)
  }
}

/// Patches of noise, uniform in [-limit, limit].
func noisePatches(
  _ count: Int, size: Int = 16, limit: Double = 5, shift: Double = 0, seed: UInt64 = 0
) throws -> RatePatches {
  try RatePatches(
    name: "noise", size: size,
    patches: (0..<count).map { index in
      var random = CounterRandom(seed, .testInput, UInt64(index))
      return (0..<size * size).map { _ in Float(random.uniform(-limit...limit) + shift) }
    })
}

let settings: StatisticsSettings = {
  // The settings are in range.
  try! StatisticsSettings(radiansPerCMPerYear: -0.5, bootstrap: Bootstrap(resamples: 50))
}()
