import Foundation
import Testing

@testable import Simulators

@Suite struct CovarianceTextureTests {
  /// Products of values at a distance, over many fields, against v exp(-r / length).
  /// A short length, and one that is far longer than the grid is wide.
  @Test(arguments: [800.0, 20_000]) func theCovarianceIsTheOneAskedFor(length: Double) throws {
    let grid = try SceneGrid(width: 48, height: 48, pixelSizeMeters: 100)
    var sums: [Int: (total: Double, count: Int)] = [:]
    for seed in 0..<300 {
      let texture = try CovarianceTexture(seed: UInt64(seed), variance: 7.5, lengthMeters: length)
      let values = try texture.values(grid: grid)
      for row in stride(from: 0, to: 48, by: 3) {
        for lag in [0, 4, 8, 16] {
          for column in stride(from: 0, to: 48 - lag, by: 3) {
            let product = values[row * 48 + column] * values[row * 48 + column + lag]
            sums[lag, default: (0, 0)].total += Double(product)
            sums[lag, default: (0, 0)].count += 1
          }
        }
      }
    }
    for (lag, sum) in sums {
      let expected = 7.5 * exp(-Double(lag) * 100 / length)
      // A field that is nearly constant counts as one draw of its level: a third of v at 300 fields.
      #expect(abs(sum.total / Double(sum.count) - expected) < 1.8, "lag \(lag)")
    }
    // Differences are known far better: v (1 - exp(-r / length)).
    let zero = try #require(sums[0]).total / Double(try #require(sums[0]).count)
    for lag in [4, 8, 16] {
      let sum = try #require(sums[lag])
      let difference = zero - sum.total / Double(sum.count)
      let expected = 7.5 * (1 - exp(-Double(lag) * 100 / length))
      #expect(abs(difference - expected) < 0.15 * expected + 0.05, "lag \(lag): \(difference)")
    }
  }

  @Test func whatCannotBeIsAnError() {
    #expect(throws: SimulatorError.self) {
      try CovarianceTexture(seed: 0, variance: -1, lengthMeters: 1)
    }
    #expect(throws: SimulatorError.self) {
      try CovarianceTexture(seed: 0, variance: 1, lengthMeters: 0)
    }
  }
}
