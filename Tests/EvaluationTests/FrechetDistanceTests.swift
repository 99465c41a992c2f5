import Foundation
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import FeatureMetrics
@testable import InceptionFeatures

/// Two sets of features and what scipy, torch-fidelity and prdc compute of them.
struct DistanceCase {
  let a: FeatureSet
  let b: FeatureSet
  /// FID, KID of equally many, precision, recall, density, coverage (k = 3).
  let numbers: [Double]

  init(_ name: String) throws {
    let file = try TensorFixture(path: fixturePath("numbers.safetensors"))
    func features(_ key: String) throws -> FeatureSet {
      let tensor = try file.tensor("\(name).\(key)")
      return FeatureSet(
        count: tensor.shape[0], dimension: tensor.shape[1], values: try tensor.values())
    }
    a = try features("a")
    b = try features("b")
    numbers = try file.tensor("\(name).numbers").values()
  }
}

struct FrechetDistanceTests {
  @Test("agrees with scipy's eigenvalues of S1 S2", arguments: ["tall", "wide"])
  func scipy(name: String) throws {
    let given = try DistanceCase(name)
    let fid = try FrechetDistance.between(given.a, given.b)
    // The eigenvalues of a rank-deficient product are noise of 1e-8 under the root.
    #expect(abs(fid - given.numbers[0]) < (name == "tall" ? 1e-9 : 1e-5))
    #expect(abs(try FrechetDistance.between(given.b, given.a) - fid) < 1e-9)
  }

  @Test("is 0 for a set and itself, of any rank", arguments: [5, 40, 200])
  func zero(count: Int) throws {
    let features = normalFeatures(count, dimension: 32, sigma: 3, seed: 1)
    #expect(try FrechetDistance.between(features, features) < 1e-9)
  }

  /// More samples than dimensions in both, in one, in none.
  @Test("the quick cross trace is the nuclear norm", arguments: [(90, 120), (120, 20), (20, 15)])
  func quickAndAnyRank(counts: (Int, Int)) throws {
    let a = try GaussianFit(normalFeatures(counts.0, dimension: 48, sigma: 2, seed: 1))
    let b = try GaussianFit(normalFeatures(counts.1, dimension: 48, seed: 2))
    let exact = try FrechetDistance.crossTraceOfAnyRank(a, b)
    let quick = try #require(try FrechetDistance.crossTrace(a, b))
    #expect(abs(quick - exact) < 1e-10 * (a.trace + b.trace))
    #expect(abs(try #require(try FrechetDistance.crossTrace(b, a)) - exact) < 1e-9)
  }

  @Test("the factor's square is the covariance", arguments: [2, 7, 30])
  func contrasts(count: Int) throws {
    let features = normalFeatures(count, dimension: 9, seed: 4)
    let fit = try GaussianFit(features)
    let x = try Tensor(features.values, shape: [count, 9]).to(dtype: .float64)
    let centered = try x - fit.mean
    let covariance = try centered.transpose(0, 1).matmul(centered) * (1 / Double(count - 1))
    let difference = try fit.factor().gram() - covariance
    #expect(try difference.norm().item() < 1e-12)
    #expect(abs(try centered.square().sum().item() / Double(count - 1) - fit.trace) < 1e-11)
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
    let (fitA, fitB) = try (GaussianFit(a), GaussianFit(b))
    // What rounding leaves of a doubled column may pass for full rank, to 1e-8 of the traces.
    if copied == 0 { #expect(try FrechetDistance.crossTrace(fitA, fitB) == nil) }
    let exact = try FrechetDistance.crossTraceOfAnyRank(fitA, fitB)
    let used =
      try fitA.trace + fitB.trace - 2 * exact + (fitA.mean - fitB.mean).square().sum().item()
    #expect(abs(try FrechetDistance.between(a, b) - used) < 1e-6)
    #expect(try FrechetDistance.between(a, a) < 1e-6)
    // Without the column: of itself it adds nothing when constant.
    let kept = [0, 1, 2, 4, 5, 6, 7]
    func without(_ set: FeatureSet) -> FeatureSet {
      FeatureSet(
        count: 60, dimension: 7,
        values: (0..<60).flatMap { row in kept.map { set.values[row * 8 + $0] } })
    }
    let distance = try FrechetDistance.between(a, b)
    let smaller = try FrechetDistance.between(without(a), without(b))
    if copied == 0 { #expect(abs(distance - smaller) < 1e-9) } else { #expect(distance > smaller) }
  }

  @Test("of constant features is the distance of their means")
  func constant() throws {
    let ones = FeatureSet(count: 4, dimension: 3, values: Array(repeating: 1, count: 12))
    let threes = FeatureSet(count: 5, dimension: 3, values: Array(repeating: 3, count: 15))
    #expect(abs(try FrechetDistance.between(ones, threes) - 12) < 1e-9)
  }

  @Test("of one-dimensional Gaussians is (m1 - m2)^2 + (s1 - s2)^2")
  func oneDimension() throws {
    let a = FeatureSet(count: 3, dimension: 1, values: [-1, 0, 1])  // variance 1
    let b = FeatureSet(count: 3, dimension: 1, values: [2, 5, 8])  // variance 9
    #expect(abs(try FrechetDistance.between(a, b) - (25 + 4)) < 1e-9)
  }

  @Test("one sample and unlike dimensions are errors")
  func errors() throws {
    let two = normalFeatures(2, dimension: 3, seed: 0)
    #expect(throws: EvaluationError.self) {
      try FrechetDistance.between(two, normalFeatures(1, dimension: 3, seed: 0))
    }
    #expect(throws: EvaluationError.self) {
      try FrechetDistance.between(two, normalFeatures(2, dimension: 4, seed: 0))
    }
  }

  @Test("FID-infinity takes the bias of small samples away")
  func infinity() throws {
    let a = normalFeatures(1200, dimension: 24, seed: 1)
    let b = normalFeatures(1200, dimension: 24, seed: 2)
    let plain = try FrechetDistance.between(a, b)
    let corrected = try FrechetDistanceInfinity.between(a, b, seed: 3, full: plain)
    // Both sets come from one distribution: the true distance is 0.
    #expect(plain > 0.2)
    #expect(abs(corrected) < plain / 2)
    #expect(try FrechetDistanceInfinity.between(a, b, seed: 3) == corrected)
    #expect(FrechetDistanceInfinity.sizes(largest: 20_000).first == 5000)
    #expect(FrechetDistanceInfinity.sizes(largest: 20_000).last == 20_000)
  }
}
