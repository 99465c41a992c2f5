import Foundation
import Simulators
import Testing
import TorchCore

@Suite struct PowerLawTextureTests {
  func texture(seed: UInt64 = 1, slope: Double = 2.67, outer: Double = 1e9) throws
    -> PowerLawTexture
  {
    try PowerLawTexture(
      seed: seed, spectralSlope: slope, standardDeviationCMPerYear: 0.2, outerScaleMeters: outer)
  }

  /// Slope of the radially averaged two-dimensional power spectrum, by least squares in log-log.
  static func fittedSlope(_ values: [Float], size: Int) throws -> Double {
    // A Hann window keeps what leaks from the scene's edges below a slope of 6.
    let window = (0..<size).map { 0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(size)) }
    let tapered = values.indices.map {
      values[$0] * Float(window[$0 / size] * window[$0 % size])
    }
    let power = try Tensor(tapered, shape: [size, size]).rfft2().abs().floats()
    let columns = size / 2 + 1
    var sums = [Double](repeating: 0, count: size)
    var counts = sums
    for row in 0..<size {
      for column in 0..<columns {
        let radius = hypot(Double(min(row, size - row)), Double(column))
        let bin = Int(radius.rounded())
        sums[bin] += Double(power[row * columns + column] * power[row * columns + column])
        counts[bin] += 1
      }
    }
    let range = 6...(size / 3)
    let points = range.map { (log(Double($0)), log(sums[$0] / counts[$0])) }
    // Bins are weighed by 1/k, so that every octave counts alike.
    let weights = range.map { 1 / Double($0) }
    let total = weights.reduce(0, +)
    let meanX = zip(points, weights).reduce(0) { $0 + $1.0.0 * $1.1 } / total
    let meanY = zip(points, weights).reduce(0) { $0 + $1.0.1 * $1.1 } / total
    let covariance = zip(points, weights).reduce(0) {
      $0 + ($1.0.0 - meanX) * ($1.0.1 - meanY) * $1.1
    }
    let variance = zip(points, weights).reduce(0) {
      $0 + ($1.0.0 - meanX) * ($1.0.0 - meanX) * $1.1
    }
    return -covariance / variance
  }

  /// The convention: the slope asked for is that of the two-dimensional spectrum.
  @Test(arguments: [1.5, 2.0, 8.0 / 3, 3.4]) func theSpectrumHasTheSlope(slope: Double) throws {
    let grid = try SceneGrid(width: 256, height: 256, pixelSizeMeters: 30)
    let fitted = try (1...4).map {
      try Self.fittedSlope(try texture(seed: $0, slope: slope).values(grid: grid), size: 256)
    }
    let mean = fitted.reduce(0, +) / 4
    #expect(abs(mean - slope) < 0.1, "asked for \(slope), got \(fitted)")
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
