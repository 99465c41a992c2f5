import EvaluationTestSupport
import Testing

@testable import Evaluation
@testable import FeatureMetrics

struct FeatureMapTests {
  @Test("far sets do not mix, and their outliers score higher")
  func mixing() throws {
    let sets = [
      normalFeatures(30, dimension: 5, seed: 1), normalFeatures(40, dimension: 5, seed: 2),
      normalFeatures(30, dimension: 5, mean: 20, seed: 3),
    ]
    let map = try #require(try FeatureMap(sets, seed: 4))
    #expect(map.patchesPerSet == 30 && map.positions.map(\.count) == [60, 60, 60])
    #expect(map.mixing[0][1] > 0.5 && map.mixing[0][2] < 0.1)
    let scores = (0..<3).map { set in map.outliers.filter { $0.set == set }.map(\.score) }
    #expect(scores.allSatisfy { $0.count == FeatureMap.outliersPerSet })
    #expect(scores[2].min()! > scores[1].max()!)
    #expect(scores.allSatisfy { $0 == $0.sorted(by: >) })
    #expect(try FeatureMap(sets, seed: 4) == map)
  }

  @Test("few samples give no map")
  func few() throws {
    #expect(try FeatureMap([normalFeatures(10, dimension: 5, seed: 1)], seed: 0) == nil)
    #expect(try FeatureMap([], seed: 0) == nil)
  }
}
