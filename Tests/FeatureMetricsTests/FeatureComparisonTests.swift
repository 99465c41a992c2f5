import Testing

@testable import FeatureMetrics

struct FeatureComparisonTests {
  private let algebra = PlainAlgebra()

  @Test("the interval of FID infinity is as wide as other samples make it spread")
  func infinity() throws {
    let values = try (0..<12).map { seed in
      let a = normalFeatures(2000, dimension: 3, seed: UInt64(2 * seed))
      let b = normalFeatures(2000, dimension: 3, mean: 0.3, seed: UInt64(2 * seed + 1))
      let comparison = FeatureComparison(neighbors: 3, draws: seed == 0 ? 20 : 0)
      let full = try FrechetDistance.between(a, b, algebra)
      return try #require(try comparison.infinity(a, b, full: full, algebra))
    }
    let mean = values.reduce(0) { $0 + $1.value } / 12
    let spread = (values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 11).squareRoot()
    let error = try #require(values[0].standardError)
    #expect(error / spread > 0.4 && error / spread < 2.5)
    #expect(abs(mean - 3 * 0.09) < 3 * spread)
    #expect(abs((values[0].high! - values[0].low!) / (3.92 * error) - 1) < 1e-9)
    #expect(values[1].low == nil)
  }

  @Test("intervals are made anew from the same seed, and differ with another")
  func seeds() throws {
    let a = normalFeatures(40, dimension: 6, seed: 1)
    let b = normalFeatures(40, dimension: 6, mean: 0.5, seed: 2)
    let first = try FeatureComparison(neighbors: 3, draws: 6, seed: 1).metrics(
      real: a, generated: b, algebra)
    let again = try FeatureComparison(neighbors: 3, draws: 6, seed: 1).metrics(
      real: a, generated: b, algebra)
    let other = try FeatureComparison(neighbors: 3, draws: 6, seed: 2).metrics(
      real: a, generated: b, algebra)
    #expect(first == again)
    #expect(first.fid.low != other.fid.low)
    #expect(first.fid.value == other.fid.value)
    #expect(first.fidInfinity == nil)
    #expect(first.fid.low! < first.fid.value && first.fid.value < first.fid.high!)
  }

  @Test("each score is that of its own measure")
  func scores() throws {
    let given = try DistanceCase("tall")
    let found = try FeatureComparison(neighbors: 3, draws: 0).metrics(
      real: given.a, generated: given.b, algebra)
    #expect(found.realCount == 60 && found.count == 50)
    #expect(abs(found.fid.value - given.numbers[0]) < 1e-9)
    let near = [found.precision, found.recall, found.density, found.coverage].map(\.value)
    #expect(zip(near, given.numbers[2...]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(found.kid.value == (try KernelDistance.between(given.a, given.b, algebra)))
    #expect(found.fid.low == nil)
  }

  @Test("impossible settings are named, and too few samples too")
  func faults() {
    #expect(FeatureComparison(neighbors: 0, draws: 1).faults().count == 2)
    #expect(FeatureComparison().faults().isEmpty)
    #expect(throws: FeatureMetricsError.tooFewForNeighbors(neighbors: 5, count: 5)) {
      try FeatureComparison(neighbors: 5).check(count: 5)
    }
  }

  @Test("few samples are warned of")
  func warnings() {
    #expect(FeatureScores.warnings(count: 100)[0].contains("not full rank"))
    #expect(FeatureScores.warnings(count: 3000)[0].contains("biased upward"))
    #expect(FeatureScores.warnings(count: 5000).isEmpty)
  }
}
