import Testing

@testable import FeatureMetrics

struct KernelDistanceTests {
  private let algebra = PlainAlgebra()

  @Test("agrees with torch-fidelity", arguments: ["tall", "wide"])
  func torchFidelity(name: String) throws {
    let given = try DistanceCase(name)
    let same = min(given.a.count, given.b.count)
    let kid = try KernelDistance.between(given.a.part(0..<same), given.b.part(0..<same), algebra)
    #expect(abs(kid - given.numbers[1]) < 1e-9 * max(1, abs(given.numbers[1])))
  }

  @Test("is unbiased: near 0 for two draws of one distribution, however small")
  func unbiased() throws {
    var sum = 0.0
    for seed in 0..<40 as Range<UInt64> {
      sum += try KernelDistance.between(
        normalFeatures(20, dimension: 8, seed: 2 * seed),
        normalFeatures(30, dimension: 8, seed: 2 * seed + 1), algebra)
    }
    let mean = sum / 40
    let apart = try KernelDistance.between(
      normalFeatures(20, dimension: 8, seed: 1),
      normalFeatures(30, dimension: 8, mean: 1, seed: 2), algebra)
    #expect(abs(mean) < 0.3)
    #expect(apart > 1)
  }

  @Test("one sample and unlike dimensions are errors")
  func errors() {
    #expect(throws: FeatureMetricsError.dimensionsDiffer(2, 3)) {
      try KernelDistance.between(
        normalFeatures(4, dimension: 2, seed: 0), normalFeatures(5, dimension: 3, seed: 0),
        algebra)
    }
    #expect(throws: FeatureMetricsError.self) {
      try KernelDistance.between(
        normalFeatures(1, dimension: 2, seed: 0), normalFeatures(5, dimension: 2, seed: 0),
        algebra)
    }
  }
}
