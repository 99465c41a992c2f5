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
}
