import Foundation
import Kernel
import Testing

@testable import FeatureMetrics

struct SubsamplingTests {
  @Test("draws without repeats, as a function of the key")
  func draws() {
    func draw(_ size: Int, _ index: UInt64) -> [Int] {
      Subsampling.draw(size, of: 50, CounterRandom(1, .testInput, index))
    }
    let first = draw(20, 2)
    #expect(Set(first).count == 20 && first.allSatisfy { (0..<50).contains($0) })
    #expect(first == draw(20, 2))
    #expect(first != draw(20, 3))
    #expect(draw(60, 2) == Array(0..<50))
  }

  @Test("the standard error of a mean is sigma over the root of N", arguments: [60, 400, 3000])
  func mean(count: Int) {
    var random = CounterRandom(7, .testInput)
    let values = (0..<count).map { _ in 2 * random.normal() }
    let size = Subsampling.size(of: count)
    let draws = (0..<800).map { draw in
      let key = CounterRandom(5, .testInput, UInt64(draw))
      return Subsampling.draw(size, of: count, key).reduce(0) { $0 + values[$1] } / Double(size)
    }
    let whole = values.reduce(0, +) / Double(count)
    let estimate = Subsampling.estimate(whole, draws: draws, size: size, count: count)
    let expected = 2 / Double(count).squareRoot()
    #expect(abs(estimate.standardError! / expected - 1) < 0.25)
    #expect(abs((estimate.high! - estimate.low!) / (4 * expected) - 1) < 0.25)
    #expect(estimate.low! < whole && whole < estimate.high!)
  }

  @Test("an interval ends where the number does")
  func limits() {
    let estimate = Subsampling.estimate(
      0.99, draws: [0.7, 0.8, 0.9, 1], size: 10, count: 20, within: 0...1)
    #expect(estimate.high == 1)
    #expect(Subsampling.estimate(3, draws: [], size: 5, count: 10).low == nil)
  }

  @Test("the interval of FID infinity is as wide as other samples make it spread")
  func infinity() throws {
    let values = try (0..<12).map { seed in
      let a = normalFeatures(2000, dimension: 6, seed: UInt64(2 * seed))
      let b = normalFeatures(2000, dimension: 6, mean: 0.3, seed: UInt64(2 * seed + 1))
      let found = try FeatureComparison(neighbors: 3, draws: seed == 0 ? 20 : 0).metrics(
        real: a, generated: b)
      return try #require(found.fidInfinity)
    }
    let mean = values.reduce(0) { $0 + $1.value } / 12
    let spread = (values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 11).squareRoot()
    let error = try #require(values[0].standardError)
    #expect(error / spread > 0.4 && error / spread < 2.5)
    #expect(abs(mean - 6 * 0.09) < 3 * spread)
    #expect(abs((values[0].high! - values[0].low!) / (3.92 * error) - 1) < 1e-9)
    #expect(values[1].low == nil)
  }

  @Test("intervals are made anew from the same seed, and differ with another")
  func seeds() throws {
    let a = normalFeatures(40, dimension: 6, seed: 1)
    let b = normalFeatures(40, dimension: 6, mean: 0.5, seed: 2)
    let first = try FeatureComparison(neighbors: 3, draws: 6, seed: 1).metrics(
      real: a, generated: b)
    let again = try FeatureComparison(neighbors: 3, draws: 6, seed: 1).metrics(
      real: a, generated: b)
    let other = try FeatureComparison(neighbors: 3, draws: 6, seed: 2).metrics(
      real: a, generated: b)
    #expect(first == again)
    #expect(first.fid.low != other.fid.low)
    #expect(first.fid.value == other.fid.value)
    #expect(first.fidInfinity == nil)
    #expect(first.fid.low! < first.fid.value && first.fid.value < first.fid.high!)
  }
}
