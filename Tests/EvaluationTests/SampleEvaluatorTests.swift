import Foundation
import Kernel
import Patches
import TestSupport
import Testing

@testable import Evaluation

@Suite struct SampleEvaluatorTests {
  private static let side = 64

  /// Smooth patches with waves of random direction and size.
  private func patches(_ count: Int, seed: UInt64, amplitude: Float = 6) -> [[Float]] {
    (0..<count).map { index in
      var random = CounterRandom(seed, .testInput, UInt64(index))
      let (a, b) = (Float(random.uniform(0.03...0.2)), Float(random.uniform(0.03...0.2)))
      let phase = Float(random.uniform(0...6))
      let noise = (0..<Self.side * Self.side).map { _ in Float(random.normal()) * 0.3 }
      return noise.enumerated().map { place, value in
        let (row, column) = (Float(place / Self.side), Float(place % Self.side))
        return amplitude * sinf(a * row + b * column + phase) + value
      }
    }
  }

  private func real(_ count: Int) -> EvaluationSet {
    let all = patches(count, seed: 1)
    return EvaluationSet(
      name: "real", path: "made-up", kind: .stack, size: Self.side, patches: all,
      origins: all.indices.map { PatchOrigin(label: "item \($0)") })
  }

  @Test func withoutWeightsDeformationDecides() throws {
    let evaluator = try SampleEvaluator(real: real(96), backend: .withoutNetwork)
    #expect(evaluator.missing != nil)
    let near = try evaluator.evaluate(patches(48, seed: 2))
    #expect(
      near.selectionMetric == "deformation" && near.picture == nil && near.values["kid"] == nil)
    let value = try #require(near.values["deformation"])
    // As near as real sets are to each other, give or take the draw.
    #expect(value > 0.2 && value < 5)
    let weak = try evaluator.evaluate(patches(48, seed: 2, amplitude: 2))
    #expect(try #require(weak.values["deformation"]) > 3 * value)
    let constant = try evaluator.evaluate(
      Array(repeating: [Float](repeating: 0, count: 4096), count: 48))
    #expect(constant.values["deformation"] == .infinity)
  }

  @Test func whatIsMissingIsNamed() throws {
    let evaluator = try SampleEvaluator(
      real: real(64), backend: FeatureBackend { _ in .missing(reason: "not found at all") })
    #expect(evaluator.missing == "not found at all")
    #expect(throws: EvaluationError.noNetwork(reason: "damaged")) {
      try SampleEvaluator(
        real: real(64),
        backend: FeatureBackend { _ in throw EvaluationError.noNetwork(reason: "damaged") })
    }
    #expect(throws: EvaluationError.self) {
      try SampleEvaluator(real: real(40), backend: .withoutNetwork)
    }
  }

  @Test func withANetworkKIDDecides() throws {
    let folder = try TemporaryFolder()
    let cache = FeatureCache(folder: folder.path)
    let evaluator = try SampleEvaluator(
      real: real(64), backend: QuarterMeans.backend, cache: cache)
    #expect(evaluator.missing == nil)
    let near = try evaluator.evaluate(patches(32, seed: 2))
    let far = try evaluator.evaluate(patches(32, seed: 2, amplitude: 40))
    #expect(near.selectionMetric == "kid" && near.picture != nil)
    #expect(try #require(near.values["kid"]) < 0.1 * #require(far.values["kid"]))
    #expect(try #require(near.values["fid"]) < #require(far.values["fid"]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
  }
}
