import Foundation
import Testing

@testable import Simulators

@Suite struct CovarianceTextureTests {
  /// Products of values at a distance, over many fields, against v exp(-r / length).
  @Test func theCovarianceIsTheOneAskedFor() throws {
    let grid = try SceneGrid(width: 48, height: 48, pixelSizeMeters: 100)
    var sums: [Int: (total: Double, count: Int)] = [:]
    for seed in 0..<150 {
      let texture = try CovarianceTexture(seed: UInt64(seed), variance: 7.5, lengthMeters: 800)
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
      let expected = 7.5 * exp(-Double(lag) * 100 / 800)
      #expect(abs(sum.total / Double(sum.count) - expected) < 0.6, "lag \(lag)")
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
