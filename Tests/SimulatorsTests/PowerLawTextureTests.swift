import Foundation
import PhaseTestSupport
import Simulators
import Testing

@Suite struct PowerLawTextureTests {
  func texture(seed: UInt64 = 1, slope: Double = 2.67, outer: Double = 1e9) throws
    -> PowerLawTexture
  {
    try PowerLawTexture(
      seed: seed, spectralSlope: slope, standardDeviationCMPerYear: 0.2, outerScaleMeters: outer)
  }

  /// The convention: the slope asked for is that of the two-dimensional spectrum.
  @Test(arguments: [1.5, 2.0, 8.0 / 3, 3.4]) func theSpectrumHasTheSlope(slope: Double) throws {
    let grid = try SceneGrid(width: 256, height: 256, pixelSizeMeters: 30)
    var power = try RadialPower(size: 256, wavenumbers: 6...85)
    for seed in 1...4 as ClosedRange<UInt64> {
      try power.add(texture(seed: seed, slope: slope).values(grid: grid))
    }
    #expect(abs(power.slope - slope) < 0.1, "asked for \(slope), got \(power.slope)")
  }

  @Test func theStandardDeviationIsTheOneAskedFor() throws {
    let grid = try SceneGrid(width: 96, height: 64, pixelSizeMeters: 30)
    var squares = 0.0
    for seed in 1...20 as ClosedRange<UInt64> {
      let values = try texture(seed: seed, outer: 400).values(grid: grid)
      #expect(values.count == grid.count)
      squares += values.reduce(0) { $0 + Double($1 * $1) } / Double(values.count)
    }
    #expect(abs((squares / 20).squareRoot() / 0.2 - 1) < 0.03)
  }

  @Test func oppositeEdgesHaveNothingInCommon() throws {
    let grid = try SceneGrid(width: 64, height: 64, pixelSizeMeters: 30)
    var products = 0.0
    var squares = 0.0
    for seed in 1...30 as ClosedRange<UInt64> {
      let values = try texture(seed: seed, outer: 500).values(grid: grid)
      for row in 0..<64 {
        products += Double(values[row * 64] * values[row * 64 + 63])
        squares += Double(values[row * 64] * values[row * 64])
      }
    }
    #expect(abs(products / squares) < 0.15)
  }

  @Test func theSeedDecidesTheValues() throws {
    let grid = try SceneGrid(width: 33, height: 20, pixelSizeMeters: 30)
    let values = try texture(seed: 9).values(grid: grid)
    #expect(try texture(seed: 9).values(grid: grid) == values)
    #expect(try texture(seed: 10).values(grid: grid) != values)
    #expect(values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [(-1, 0.2, 1000), (2.5, -0.1, 1000), (2.5, 0.2, 0), (.nan, 0.2, 1000)])
  func parametersOutOfRangeAreErrors(slope: Double, sd: Double, outer: Double) {
    #expect(throws: SimulatorError.self) {
      try PowerLawTexture(
        seed: 0, spectralSlope: slope, standardDeviationCMPerYear: sd, outerScaleMeters: outer)
    }
  }
}
