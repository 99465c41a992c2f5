import Foundation
import Testing

@testable import InSARPhase
@testable import Kernel

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
    let values = Self.draw(CounterRandom(seed, .testInput)) { $0.fillNormal($1) }
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

  @Test func neighborsAreUncorrelated() {
    let values = Self.draw(CounterRandom(4, .testInput)) { $0.fillNormal($1) }
    for lag in [1, 2, 8, 15, 16, 17, 32, 256] {
      let sum = zip(values, values.dropFirst(lag)).reduce(0.0) { $0 + Double($1.0 * $1.1) }
      let squares = zip(values, values.dropFirst(lag))
        .reduce(0.0) { $0 + Double(($1.0 * $1.0 - 1) * ($1.1 * $1.1 - 1)) }
      #expect(abs(sum) < 5 * Double(values.count).squareRoot(), "lag \(lag)")
      #expect(abs(squares) < 5 * 2 * Double(values.count).squareRoot(), "squares, lag \(lag)")
    }
  }

  @Test func uniformsFillTheOpenInterval() {
    let values = Self.draw(CounterRandom(5, .testInput)) { $0.fillUniform($1) }
    #expect(Self.distance(values) { $0 } < Self.limit)
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
  }

  /// Lengths of every prime factor, rows and columns that fill no block of sixteen.
  @Test(arguments: [
    (2, 2, 1, 1), (12, 10, 9, 7), (60, 90, 50, 77), (16, 36, 16, 18),
    (7, 22, 7, 20),
  ])
  func fieldsAreTheTransformOfTheNoise(height: Int, width: Int, rows: Int, columns: Int) throws {
    let half = width / 2 + 1
    let blocks = (half + 15) / 16
    var factors = [Float](repeating: 0, count: blocks * height * 16)
    for row in 0..<height {
      for k in 0..<half { factors[(k / 16 * height + row) * 16 + k % 16] = 1 / Float(1 + row + k) }
    }
    var random = VectorRandom(CounterRandom(6, .testInput))
    let (down, across) = try (FieldTransform(length: height), FieldTransform(length: width))
    let field = [Float](unsafeUninitializedCapacity: rows * columns) { buffer, filled in
      let isMade = random.fillField(
        buffer.baseAddress!, rows: rows, columns: columns, down: down, across: across,
        factors: factors)
      filled = isMade ? rows * columns : 0
    }
    try #require(field.count == rows * columns)
    // Sixteen real and sixteen imaginary parts in turns, of the stream that `fillNormal` has.
    let normals = Self.draw(CounterRandom(6, .testInput)) { $0.fillNormal($1) }
    for row in stride(from: 0, to: rows, by: 5) {
      for column in stride(from: 0, to: columns, by: 3) {
        var sum = 0.0
        for line in 0..<height {
          for k in 0..<half {
            let place = k / 16 * height + line
            let (re, im) = (normals[place * 32 + k % 16], normals[place * 32 + 16 + k % 16])
            let turns =
              Double(line * row) / Double(height) + Double(k * column) / Double(width)
            // Columns in between stand for their mirror images too.
            let weight = Double(factors[place * 16 + k % 16]) * (k == 0 || 2 * k == width ? 1 : 2)
            sum += weight * (Double(re) * cos(2 * .pi * turns) - Double(im) * sin(2 * .pi * turns))
          }
        }
        #expect(abs(sum - Double(field[row * columns + column])) < 1e-5, "\(row), \(column)")
      }
    }
  }

  @Test func theKeyDecidesTheNumbers() {
    let a = Self.draw(CounterRandom(8, .testInput, 1)) { $0.fillNormal($1) }
    #expect(a == Self.draw(CounterRandom(8, .testInput, 1)) { $0.fillNormal($1) })
    let b = Self.draw(CounterRandom(8, .testInput, 2)) { $0.fillNormal($1) }
    let sum = zip(a, b).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    #expect(abs(sum) < 5 * Double(a.count).squareRoot())
    // Whatever vector unit the processor has.
    #expect(a[0..<4].map(\.bitPattern) == Self.expected)
  }

  static let expected: [UInt32] = [0x3e44_bf93, 0x3f17_fc97, 0x403b_ff62, 0x3fa5_1bc4]
}
