import Foundation
import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct StratificationTests {
  @Test func theLinearLawGoesWithHeightAroundTheMean() throws {
    let draw = Stratification.Draw(
      radiansPerKilometer: 4, factor: 0, topMeters: 7000, exponent: 1.4)
    let phase = try Stratification().radians(
      heightMeters: [0, 500, 1000, .nan], mean: 500, draw)
    #expect(phase[0...2] == [-2, 0, 2])
    #expect(phase[3].isNaN)
  }

  @Test func thePowerLawIsThePublishedOne() throws {
    var settings = Stratification()
    settings.law = .powerLaw
    let draw = Stratification.Draw(
      radiansPerKilometer: 0, factor: 5e-6, topMeters: 7000, exponent: 1.4)
    let phase = try settings.radians(heightMeters: [0, 3000], mean: 1500, draw)
    #expect(abs(Double(phase[0]) - 5e-6 * pow(7000, 1.4)) < 1e-5)
    #expect(abs(Double(phase[1]) - 5e-6 * pow(4000, 1.4)) < 1e-5)
  }

  @Test func aMountainAboveTheTopIsAnError() {
    var settings = Stratification()
    settings.law = .powerLaw
    let draw = Stratification.Draw(
      radiansPerKilometer: 0, factor: 5e-6, topMeters: 7000, exponent: 1.4)
    #expect(throws: InSARPhaseError.self) {
      try settings.radians(heightMeters: [10, 7001], mean: 3505.5, draw)
    }
  }

  @Test func drawsFollowTheirDistributions() {
    var settings = Stratification()
    settings.meanRadiansPerKilometer = 56
    let draws = (0..<20_000).map { settings.draw(day: 0, CounterRandom(2, .testInput, UInt64($0))) }
    func mean(_ value: (Stratification.Draw) -> Double) -> Double {
      draws.reduce(0) { $0 + value($1) } / Double(draws.count)
    }
    #expect(abs(mean(\.radiansPerKilometer) - 56) < 0.1)
    #expect(abs(mean { pow($0.radiansPerKilometer - 56, 2) } - 4) < 0.2)
    // Laplace: mean 0, mean absolute value equal to the scale.
    #expect(abs(mean(\.factor)) < 3e-7)
    #expect(abs(mean { abs($0.factor) } - 5e-6) < 2e-7)
    #expect(abs(mean(\.topMeters) - 7000) < 5)
    #expect(abs(mean(\.exponent) - 1.4) < 0.005)
  }

  @Test func theSlopeFollowsTheSeason() {
    var settings = Stratification()
    settings.meanRadiansPerKilometer = 1
    settings.seasonalRadiansPerKilometer = 3
    settings.peakDayOfYear = 100
    settings.deviationRadiansPerKilometer = 0
    func slope(_ day: Double) -> Double {
      settings.draw(day: day, CounterRandom(1, .testInput)).radiansPerKilometer
    }
    // Day 100 of the year is 99 days after 1 January; years repeat.
    #expect(abs(slope(99) - 4) < 1e-9 && abs(slope(99 + 365.25) - 4) < 1e-9)
    #expect(abs(slope(99 + 365.25 / 2) + 2) < 1e-9)
  }
}
