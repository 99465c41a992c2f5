import TestSupport
import Testing

@testable import Evaluation
@testable import EvaluationPage
@testable import FeatureMetrics

@Suite struct FeatureScatterTests {
  @Test("lays out the named sets, and names those that it lacks")
  func sets() throws {
    var record = try SyntheticEvaluation().withFeatures().result.record
    let folder = try TemporaryFolder()
    let cache = FeatureCache(folder: folder.path)
    func scatter(_ names: [String]) throws -> FeatureScatter {
      try FeatureScatter(record, names: names, cache: cache, seed: 1)
    }
    #expect(message { _ = try scatter(["nobody"]) }.contains("real, copies, flat"))
    #expect(message { _ = try scatter(["copies"]) }.contains(folder.path))
    let values = (0..<24 * 3).map { Float($0 * 7 % 29) }
    try cache.write(FeatureSet(count: 24, dimension: 3, values: values), "a")
    try cache.write(FeatureSet(count: 24, dimension: 3, values: values.map { $0 + 500 }), "b")
    record.real.featuresKey = "a"
    record.sets[0].featuresKey = "b"
    let picture = try scatter(["real", "copies"]).picture(title: "far")
    #expect(picture.width > 100 && Set(picture.pixels).count > 2)
    #expect(try scatter(["copies"]).picture(title: "far") == picture)
    #expect(try scatter(["copies"]).picture(title: "near") != picture)
    try cache.write(FeatureSet(count: 8, dimension: 3, values: Array(values.prefix(24))), "b")
    #expect(message { _ = try scatter(["copies"]) }.contains("more than 10"))
  }
}
