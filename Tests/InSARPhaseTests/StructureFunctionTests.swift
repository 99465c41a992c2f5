import Foundation
import Testing

@testable import InSARPhase
@testable import Kernel

/// Fields that are given by their difference at a distance.
@Suite struct StructureFunctionTests {
  /// Mean square difference over `lag` pixels to the east and to the south, over `count` fields.
  static func measured(_ field: RandomField, lags: [Int], count: Int, step: Int = 2) throws
    -> [Double]
  {
    var sums = [Double](repeating: 0, count: lags.count)
    var counts = sums
    let size = field.width
    for index in 0..<count {
      let values = try field.field(CounterRandom(13, .testInput, UInt64(index), UInt64(size)))
      values.withUnsafeBufferPointer { values in
        for (place, lag) in lags.enumerated() {
          for row in stride(from: 0, to: size, by: step) {
            for column in stride(from: 0, to: size - lag, by: step) {
              let east = values[row * size + column + lag] - values[row * size + column]
              let south = values[(column + lag) * size + row] - values[column * size + row]
              sums[place] += Double(east * east + south * south)
              counts[place] += 2
            }
          }
        }
      }
    }
    return zip(sums, counts).map { $0 / $1 }
  }

  static func field(
    _ size: Int, spectrum: TurbulenceSpectrum = .hanssen, padding: Double = 1.25
  ) throws -> RandomField {
    try RandomField(
      width: size, height: size, pixelSizeMeters: 30, spectrum: spectrum,
      scale: .difference(1, meters: 900), padding: padding)
  }

  /// What a window of a large scene and a small scene have in common.
  @Test func fieldsOfAllSizesDifferByTheSameAtADistance() throws {
    for (size, count, step) in [(64, 1500, 8), (256, 120, 8), (1024, 8, 16)] {
      let field = try Self.field(size)
      let lags = [5, 10, 30, size * 9 / 10]
      let found = try Self.measured(field, lags: lags, count: count, step: step)
      for (lag, value) in zip(lags, found) {
        let expected =
          TurbulenceSpectrum.hanssen.structureFunction(
            distanceMeters: Double(lag) * 30, shortestMeters: 60)
          / TurbulenceSpectrum.hanssen.structureFunction(
            distanceMeters: 900, shortestMeters: 60)
        // Few independent differences fit into a scene at its own length.
        let tolerance = lag == 30 ? 0.05 : lag < 30 ? 0.06 : 0.2
        #expect(abs(value / expected - 1) < tolerance, "\(size) px, \(lag) px: \(value / expected)")
      }
    }
  }

  /// The same without chance: the sum over the waves of all grids is the integral over the plane.
  @Test(arguments: [64, 256, 1024], [1.25, 2.0])
  func theWavesOfAllGridsAddUpToTheIntegral(size: Int, padding: Double) throws {
    let field = try Self.field(size, padding: padding)
    for meters in [300.0, 900, Double(size) * 30 * 0.9] {
      let expected =
        TurbulenceSpectrum.hanssen.structureFunction(distanceMeters: meters, shortestMeters: 60)
        / TurbulenceSpectrum.hanssen.structureFunction(distanceMeters: 900, shortestMeters: 60)
      for (east, south) in [(meters, 0.0), (meters * 0.8, meters * 0.6)] {
        let sum = field.grids.reduce(0.0) {
          $0 + $1.structureFunction(eastMeters: east, southMeters: south)
        }
        #expect(abs(sum / expected - 1) < 0.02, "\(meters) m: \(sum / expected)")
      }
    }
  }

  @Test func anAnisotropicFieldHasTheDifferenceOnAverageOverDirections() throws {
    var spectrum = TurbulenceSpectrum.hanssen
    spectrum.anisotropyRatio = 3
    spectrum.elongationDegrees = 30
    let field = try Self.field(64, spectrum: spectrum)
    let directions = (0..<24).map { (index: Int) -> Double in
      let angle = Double(index) * .pi / 24
      return field.grids.reduce(0.0) {
        $0 + $1.structureFunction(eastMeters: 900 * cos(angle), southMeters: 900 * sin(angle))
      }
    }
    let mean = directions.reduce(0, +) / 24
    #expect(abs(mean - 1) < 0.02)
    // Least along the elongation, which is 60 degrees from the east, to the north.
    #expect(directions.firstIndex(of: directions.min() ?? 0) == 24 - 8)
  }

  /// With one power law of two-dimensional slope 8/3 far below the outer scale, D goes with r^(2/3).
  @Test func theIntegralHasTheKnownPowerOfDistance() {
    let spectrum = TurbulenceSpectrum(slopes2D: [8.0 / 3], outerScaleMeters: 1e8)
    func value(_ meters: Double) -> Double {
      spectrum.structureFunction(distanceMeters: meters, shortestMeters: 1)
    }
    #expect(abs(log(value(8000) / value(1000)) / log(8) - 2.0 / 3) < 0.01)
    // Of two directions, one varies as before and one less.
    var long = spectrum
    long.anisotropyRatio = 2
    #expect(long.structureFunction(distanceMeters: 1000, shortestMeters: 1) < value(1000))
  }

  @Test func aPlaneDeviationIsThatOfManyFields() throws {
    let spectrum = TurbulenceSpectrum(slopes2D: [2], outerScaleMeters: 2000)
    for (size, count) in [(32, 400), (128, 60)] {
      let field = try RandomField(
        width: size, height: size, pixelSizeMeters: 30, spectrum: spectrum,
        scale: .planeDeviation(5))
      var sum = 0.0
      for index in 0..<count {
        for value in try field.field(CounterRandom(2, .testInput, UInt64(index))) {
          sum += Double(value) * Double(value)
        }
      }
      let deviation = (sum / Double(count * size * size)).squareRoot()
      #expect(abs(deviation / 5 - 1) < 0.06, "\(size) px: \(deviation)")
    }
  }

  /// The mean square of a date's strength is that of its season.
  @Test func datesDifferInStrength() {
    var turbulence = Turbulence()
    turbulence.dateLogDeviation = 0.5
    turbulence.seasonalFraction = 0.4
    func meanSquare(_ day: Double) -> Double {
      (0..<40_000).reduce(0.0) {
        let strength = turbulence.strength(day: day, CounterRandom(4, .testInput, UInt64($1)))
        return $0 + strength * strength
      } / 40_000
    }
    #expect(abs(meanSquare(199) / (1.4 * 1.4) - 1) < 0.04)
    #expect(abs(meanSquare(199 + 365.25 / 2) / (0.6 * 0.6) - 1) < 0.04)
  }
}
