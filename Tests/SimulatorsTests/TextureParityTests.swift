import Foundation
import TestSupport
import Testing

@testable import Simulators

/// Textures against scripts/fixtures/make_textures.py, which filters in double precision with NumPy.
@Suite struct TextureParityTests {
  struct Fixture: Decodable {
    struct PowerLaw: Decodable {
      var seed: UInt64
      var width, height: Int
      var pixel, slope, deviation, outer: Double
      var values: [Double]
    }
    struct Covariance: Decodable {
      var seed: UInt64
      var width, height: Int
      var pixel, variance, length: Double
      var values: [Double]
    }
    var powerLaw: [PowerLaw]
    var covariance: [Covariance]

    static func load() throws -> Fixture {
      let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("textures.json")))
      return try JSONDecoder().decode(Fixture.self, from: data)
    }
  }

  /// Both results are rounded to single precision once: 1e-6 of the deviation.
  private func expectSame(_ values: [Float], _ expected: [Double], deviation: Double) {
    #expect(values.count == expected.count)
    let greatest = zip(values, expected).map { abs(Double($0) - $1) }.max() ?? .nan
    #expect(greatest < 1e-6 * deviation)
  }

  @Test func powerLawTexturesAreNumPys() throws {
    for test in try Fixture.load().powerLaw {
      let grid = try SceneGrid(
        width: test.width, height: test.height, pixelSizeMeters: test.pixel)
      let texture = try PowerLawTexture(
        seed: test.seed, spectralSlope: test.slope, standardDeviationCMPerYear: test.deviation,
        outerScaleMeters: test.outer)
      expectSame(try texture.values(grid: grid), test.values, deviation: test.deviation)
    }
  }

  @Test func covarianceTexturesAreNumPys() throws {
    for test in try Fixture.load().covariance {
      let grid = try SceneGrid(
        width: test.width, height: test.height, pixelSizeMeters: test.pixel)
      let texture = try CovarianceTexture(
        seed: test.seed, variance: test.variance, lengthMeters: test.length)
      expectSame(
        try texture.values(grid: grid), test.values, deviation: test.variance.squareRoot())
    }
  }
}
