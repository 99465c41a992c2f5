import EvaluationTestSupport
import Kernel
import Patches
import Testing

@testable import Evaluation
@testable import FeatureMetrics

struct DeformationMeasuresTests {
  private static let side = 16

  private func set(_ name: String, seed: UInt64, count: Int = 12) -> EvaluationSet {
    let patches = (0..<count).map { index in
      var random = CounterRandom(seed, .testInput, UInt64(index))
      return (0..<Self.side * Self.side).map { _ in Float(random.normal() * 5) }
    }
    return EvaluationSet(
      name: name, path: name, kind: .stack, size: Self.side, patches: patches,
      origins: patches.indices.map { PatchOrigin(label: "item \($0)") })
  }

  @Test("copies of real patches are found, in pixels and in features")
  func copies() throws {
    let real = set("real", seed: 1)
    var patches = set("a", seed: 2).patches
    patches[4] = SquareSymmetry.all[5](real.patches[7], side: Self.side)
    let copies = EvaluationSet(
      name: "a", path: "a", kind: .stack, size: Self.side, patches: patches, origins: real.origins)
    var settings = EvaluationSettings()
    settings.resamples = 0
    let features = normalFeatures(12, dimension: 3, seed: 3)
    let comparison = try DeformationComparison(
      real: real, features: features, settings.statistics)
    let measures = try comparison.measures(of: copies, features: features)
    let found = try #require(measures.memorisation)
    #expect(found.nearest[0].query == 4 && found.nearest[0].reference == 7)
    #expect(found.nearest[0].distance < 1e-4)
    #expect(found.featureRatio == 0 && found.nearestInFeatures?.first?.distance == 0)
    let without = try comparison.measures(of: copies, features: nil)
    #expect(without.memorisation?.featureRatio == nil)
    #expect(without.memorisation?.nearestInFeatures == nil)
    #expect(try comparison.measuresOfReal().comparison == nil)
  }
}
