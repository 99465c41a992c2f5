import Foundation
import RunSupport
import Testing

@testable import InSARPhase

@Suite struct VectorRandomTests {
  static let count = 400_003  // not a multiple of a block

  static func draw(
    _ key: CounterRandom, _ fill: (inout VectorRandom, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Float] {
    var random = VectorRandom(key)
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      fill(&random, UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
      filled = count
    }
  }

  /// The largest distance between the empirical and the true distribution function.
  static func distance(_ values: [Float], _ cdf: (Double) -> Double) -> Double {
    let sorted = values.sorted()
    let n = Double(sorted.count)
    return sorted.enumerated().map { index, value in
      max(
        abs(cdf(Double(value)) - Double(index) / n), abs(cdf(Double(value)) - Double(index + 1) / n)
      )
    }.max() ?? 1
  }

  /// Passed by true samples with probability 0.999.
  static let limit = 1.95 / Double(count).squareRoot()

  @Test(arguments: [1, 2, 3] as [UInt64]) func normalsFollowTheNormalDistribution(seed: UInt64) {
    let values = Self.draw(CounterRandom(seed)) { $0.fillNormal($1) }
    #expect(Self.distance(values) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } < Self.limit)
    let n = Double(values.count)
    func moment(_ power: Int) -> Double {
      values.reduce(0.0) { $0 + pow(Double($1), Double(power)) } / n
    }
    // Five standard errors each.
    #expect(abs(moment(1)) < 5 / n.squareRoot())
    #expect(abs(moment(2) - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(moment(3)) < 5 * (15 / n).squareRoot())
    #expect(abs(moment(4) - 3) < 5 * (96 / n).squareRoot())
    // Tails: 2 * 3.1671e-5 of numbers lie beyond 4.
    let tail = Double(values.count { abs($0) > 4 })
    #expect(abs(tail - 6.334e-5 * n) < 5 * (6.334e-5 * n).squareRoot())
    #expect(values.allSatisfy { abs($0) < 5.8 })
  }

  @Test func neighboursAreUncorrelated() {
    let values = Self.draw(CounterRandom(4)) { $0.fillNormal($1) }
    for lag in [1, 2, 8, 15, 16, 17, 32, 256] {
      let sum = zip(values, values.dropFirst(lag)).reduce(0.0) { $0 + Double($1.0 * $1.1) }
      let squares = zip(values, values.dropFirst(lag))
        .reduce(0.0) { $0 + Double(($1.0 * $1.0 - 1) * ($1.1 * $1.1 - 1)) }
      #expect(abs(sum) < 5 * Double(values.count).squareRoot(), "lag \(lag)")
      #expect(abs(squares) < 5 * 2 * Double(values.count).squareRoot(), "squares, lag \(lag)")
    }
  }

  @Test func uniformsFillTheOpenInterval() {
    let values = Self.draw(CounterRandom(5)) { $0.fillUniform($1) }
    #expect(Self.distance(values) { $0 } < Self.limit)
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
  }

  /// Of whole shapes the distribution function is closed: 1 - exp(-x) sum x^k / k!.
  @Test(arguments: [1, 2, 5, 16]) func gammaRootsFollowTheirDistribution(shape: Int) {
    let values = Self.draw(CounterRandom(6)) { $0.fillGammaRoot($1, shape: Double(shape)) }
    let distance = Self.distance(values) { root in
      let x = root * root
      var term = 1.0
      var sum = 1.0
      for k in 1..<max(shape, 1) {
        term *= x / Double(k)
        sum += term
      }
      return 1 - exp(-x) * sum
    }
    #expect(distance < Self.limit)
  }

  @Test func brokenShapesHaveTheirMoments() {
    let squares = Self.draw(CounterRandom(7)) { $0.fillGammaRoot($1, shape: 2.7) }
      .map { Double($0 * $0) }
    let n = Double(squares.count)
    let mean = squares.reduce(0, +) / n
    let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect(abs(mean - 2.7) < 5 * (2.7 / n).squareRoot())
    #expect(abs(variance - 2.7) < 0.05)
  }

  @Test func theKeyDecidesTheNumbers() {
    let a = Self.draw(CounterRandom(8, 1)) { $0.fillNormal($1) }
    #expect(a == Self.draw(CounterRandom(8, 1)) { $0.fillNormal($1) })
    let b = Self.draw(CounterRandom(8, 2)) { $0.fillNormal($1) }
    let sum = zip(a, b).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    #expect(abs(sum) < 5 * Double(a.count).squareRoot())
    // Whatever vector unit the processor has.
    #expect(a[0..<4].map(\.bitPattern) == Self.expected)
  }

  static let expected: [UInt32] = [0xbf86_2df5, 0x3efd_a195, 0x3f9f_0002, 0x3f81_da81]
}
