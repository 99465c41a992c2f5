import Foundation
import Kernel
import Testing

@testable import FeatureMetrics

struct FrechetDistanceTests {
  private let algebra = PlainAlgebra(threads: 2)

  private func squaredDistance(_ a: PlainMatrix, _ b: PlainMatrix) -> Double {
    zip(a.elements, b.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test("agrees with scipy's eigenvalues of S1 S2", arguments: ["tall", "wide"])
  func scipy(name: String) throws {
    let given = try DistanceCase(name)
    let fid = try FrechetDistance.between(given.a, given.b, algebra)
    // The eigenvalues of a rank-deficient product are noise of 1e-8 under the root.
    #expect(abs(fid - given.numbers[0]) < (name == "tall" ? 1e-9 : 1e-5))
    #expect(abs(try FrechetDistance.between(given.b, given.a, algebra) - fid) < 1e-9)
  }

  @Test("is 0 for a set and itself, of any rank", arguments: [5, 40, 200])
  func zero(count: Int) throws {
    let features = normalFeatures(count, dimension: 32, sigma: 3, seed: 1)
    #expect(try FrechetDistance.between(features, features, algebra) < 1e-9)
  }

  /// More samples than dimensions in both, in one, in none.
  @Test("the quick cross trace is the nuclear norm", arguments: [(90, 120), (120, 20), (20, 15)])
  func quickAndAnyRank(counts: (Int, Int)) throws {
    let a = try GaussianFit(normalFeatures(counts.0, dimension: 48, sigma: 2, seed: 1), algebra)
    let b = try GaussianFit(normalFeatures(counts.1, dimension: 48, seed: 2), algebra)
    let exact = try FrechetDistance.crossTraceOfAnyRank(a, b, algebra)
    let quick = try #require(try FrechetDistance.crossTrace(a, b, algebra))
    #expect(abs(quick - exact) < 1e-10 * (a.trace + b.trace))
    #expect(abs(try #require(try FrechetDistance.crossTrace(b, a, algebra)) - exact) < 1e-9)
  }

  /// Features that are constant, or sums of others, leave the covariance of many samples singular.
  @Test("of singular covariances is that of any rank", arguments: [1.0, 0.0])
  func singular(copied: Float) throws {
    func set(_ seed: UInt64) -> FeatureSet {
      let features = normalFeatures(60, dimension: 8, seed: seed)
      var values = features.values
      for row in 0..<60 { values[row * 8 + 3] = copied * values[row * 8 + 5] }
      return FeatureSet(count: 60, dimension: 8, values: values)
    }
    let (a, b) = (set(1), set(2))
    let (fitA, fitB) = try (GaussianFit(a, algebra), GaussianFit(b, algebra))
    // What rounding leaves of a doubled column may pass for full rank, to 1e-8 of the traces.
    if copied == 0 { #expect(try FrechetDistance.crossTrace(fitA, fitB, algebra) == nil) }
    let exact = try FrechetDistance.crossTraceOfAnyRank(fitA, fitB, algebra)
    let used =
      fitA.trace + fitB.trace - 2 * exact + squaredDistance(fitA.mean, fitB.mean)
    #expect(abs(try FrechetDistance.between(a, b, algebra) - used) < 1e-6)
    #expect(try FrechetDistance.between(a, a, algebra) < 1e-6)
    // Without the column: of itself it adds nothing when constant.
    let kept = [0, 1, 2, 4, 5, 6, 7]
    func without(_ set: FeatureSet) -> FeatureSet {
      FeatureSet(
        count: 60, dimension: 7,
        values: (0..<60).flatMap { row in kept.map { set.values[row * 8 + $0] } })
    }
    let distance = try FrechetDistance.between(a, b, algebra)
    let smaller = try FrechetDistance.between(without(a), without(b), algebra)
    if copied == 0 { #expect(abs(distance - smaller) < 1e-9) } else { #expect(distance > smaller) }
  }

  @Test("of constant features is the distance of their means")
  func constant() throws {
    let ones = FeatureSet(count: 4, dimension: 3, values: Array(repeating: 1, count: 12))
    let threes = FeatureSet(count: 5, dimension: 3, values: Array(repeating: 3, count: 15))
    #expect(abs(try FrechetDistance.between(ones, threes, algebra) - 12) < 1e-9)
  }

  @Test("of one-dimensional Gaussians is (m1 - m2)^2 + (s1 - s2)^2")
  func oneDimension() throws {
    let a = FeatureSet(count: 3, dimension: 1, values: [-1, 0, 1])  // variance 1
    let b = FeatureSet(count: 3, dimension: 1, values: [2, 5, 8])  // variance 9
    #expect(abs(try FrechetDistance.between(a, b, algebra) - (25 + 4)) < 1e-9)
  }

  @Test("one sample and unlike dimensions are errors")
  func errors() throws {
    let two = normalFeatures(2, dimension: 3, seed: 0)
    #expect(throws: FeatureMetricsError.self) {
      try FrechetDistance.between(two, normalFeatures(1, dimension: 3, seed: 0), algebra)
    }
    #expect(throws: FeatureMetricsError.self) {
      try FrechetDistance.between(two, normalFeatures(2, dimension: 4, seed: 0), algebra)
    }
  }
}
