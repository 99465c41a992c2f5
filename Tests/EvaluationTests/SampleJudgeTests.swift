import Foundation
import Kernel
import Patches
import TestSupport
import Testing

@testable import Evaluation
@testable import FeatureMetrics

@Suite struct SampleJudgeTests {
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
    let judge = try SampleJudge(real: real(96), weights: .none, environment: [:])
    #expect(judge.missing != nil)
    let near = try judge.judge(patches(48, seed: 2))
    #expect(near.decides == "deformation" && near.picture == nil && near.values["kid"] == nil)
    let value = try #require(near.values["deformation"])
    // As near as real sets are to each other, give or take the draw.
    #expect(value > 0.2 && value < 5)
    let weak = try judge.judge(patches(48, seed: 2, amplitude: 2))
    #expect(try #require(weak.values["deformation"]) > 3 * value)
    let constant = try judge.judge(Array(repeating: [Float](repeating: 0, count: 4096), count: 48))
    #expect(constant.values["deformation"] == .infinity)
  }

  @Test func placesWithoutWeightsAreNamed() throws {
    let folder = try TemporaryFolder()
    let judge = try SampleJudge(
      real: real(64), weights: .usual,
      environment: ["HOME": folder.path, "XDG_CACHE_HOME": folder.path])
    #expect(try #require(judge.missing).contains(folder.path))
    #expect(throws: EvaluationError.self) {
      try SampleJudge(real: real(64), weights: .file(folder.file("no.pth")), environment: [:])
    }
    #expect(throws: EvaluationError.self) {
      try SampleJudge(real: real(40), weights: .none, environment: [:])
    }
  }

  private static let weights = "weights/inception-2015-12-05-pool3.safetensors"

  @Test(.tags(.weights), .enabled(if: SharedData.has(weights), "needs ../shared/weights"))
  func withWeightsKIDDecides() throws {
    let judge = try SampleJudge(
      real: real(64), weights: .file(SharedData.path(Self.weights)), environment: [:])
    #expect(judge.missing == nil)
    let near = try judge.judge(patches(32, seed: 2))
    let far = try judge.judge(patches(32, seed: 2, amplitude: 0.5))
    #expect(near.decides == "kid" && near.picture != nil)
    #expect(try #require(near.values["kid"]) < 0.1 * #require(far.values["kid"]))
    #expect(try #require(near.values["fid"]) < #require(far.values["fid"]))
  }
}
