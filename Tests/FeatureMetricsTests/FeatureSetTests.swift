import Testing

@testable import FeatureMetrics

struct FeatureSetTests {
  private let features = FeatureSet(count: 3, dimension: 2, values: [1, 2, 3, 4, 5, 6])

  @Test("rows and parts are those that are named")
  func parts() {
    #expect(Array(features.row(1)) == [3, 4])
    #expect(features.part(1..<3).values == [3, 4, 5, 6])
    #expect(features.rows([2, 0]).values == [5, 6, 1, 2])
  }

  @Test("sets of unlike dimension do not compare")
  func dimensions() {
    let other = FeatureSet(count: 1, dimension: 3, values: [1, 2, 3])
    #expect(throws: FeatureMetricsError.dimensionsDiffer(2, 3)) {
      try features.requireDimension(of: other)
    }
  }
}
