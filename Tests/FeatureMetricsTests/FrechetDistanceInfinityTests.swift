import Testing

@testable import FeatureMetrics

struct FrechetDistanceInfinityTests {
  @Test("takes the bias of small samples away")
  func infinity() throws {
    let algebra = PlainAlgebra()
    let a = normalFeatures(300, dimension: 12, seed: 1)
    let b = normalFeatures(300, dimension: 12, seed: 2)
    let plain = try FrechetDistance.between(a, b, algebra)
    let corrected = try FrechetDistanceInfinity.between(a, b, seed: 3, full: plain, algebra)
    // Both sets come from one distribution: the true distance is 0.
    #expect(plain > 0.2)
    #expect(abs(corrected) < plain / 2)
    #expect(try FrechetDistanceInfinity.between(a, b, seed: 3, algebra) == corrected)
  }

  @Test("sizes go from 5000 or half of the set to the whole")
  func sizes() {
    #expect(FrechetDistanceInfinity.sizes(largest: 20_000).first == 5000)
    #expect(FrechetDistanceInfinity.sizes(largest: 20_000).last == 20_000)
    #expect(FrechetDistanceInfinity.sizes(largest: 900, count: 4) == [450, 600, 750, 900])
  }
}
