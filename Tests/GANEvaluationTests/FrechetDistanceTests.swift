import Foundation
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import GANEvaluation

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
