import InSARPhase
import Kernel
import Testing

@Suite struct DeformationPhaseTests {
  /// The simulator of Sun et al. draws this factor from an interval whose lower end is TerraSAR-X.
  @Test func terraSARXMatchesThePublishedFactor() {
    let phase = DeformationPhase(.terraSARX)
    #expect(abs(phase.radiansPerCMPerYearDay - -0.0110746) < 1e-7)
  }

  @Test func halfAWavelengthTowardTheSatelliteIsOneTurnLess() throws {
    let phase = try DeformationPhase(wavelengthMeters: 0.05)
    let radians = phase.radians(displacementMeters: [0.025, -0.025, 0])
    #expect(abs(radians[0] + 2 * .pi) < 1e-5)
    #expect(abs(radians[1] - 2 * .pi) < 1e-5)
    #expect(radians[2] == 0)
  }

  @Test func upliftLowersThePhase() {
    let rate = Float(LineOfSight.sentinel1Ascending.project(SIMD3(0, 0, 10)))
    let radians = DeformationPhase(.sentinel1).radians(rateCMPerYear: [rate, -rate], days: 12)
    #expect(radians[0] < 0)
    #expect(radians[1] > 0)
    // 10 cm/yr of uplift in 12 days: 2.55 mm in the line of sight.
    #expect(abs(radians[0] + 0.5785) < 1e-3)
  }

  @Test(arguments: Sensor.allCases) func ratesComeBack(sensor: Sensor) throws {
    let phase = DeformationPhase(sensor)
    var random = CounterRandom(4, .testInput)
    let rates = (0..<64).map { _ in Float(random.uniform(-30...30)) }
    for days in [-48.0, 6, 12, 365.25] {
      let radians = phase.radians(rateCMPerYear: rates, days: days)
      let back = try phase.rateCMPerYear(radians: radians, days: days)
      for (rate, result) in zip(rates, back) { #expect(abs(rate - result) < 1e-5) }
    }
  }

  @Test func swappingTheDatesTurnsTheSign() {
    let phase = DeformationPhase(.alos2)
    let forth = phase.radians(rateCMPerYear: [3], days: 14)
    #expect(phase.radians(rateCMPerYear: [3], days: -14) == forth.map { -$0 })
  }

  @Test(arguments: [0, -0.05, Double.nan, .infinity])
  func aWavelengthOutOfRangeIsAnError(meters: Double) {
    #expect(throws: InSARPhaseError.self) { try DeformationPhase(wavelengthMeters: meters) }
  }

  @Test func noRateFollowsFromOneDate() {
    #expect(throws: InSARPhaseError.self) {
      try DeformationPhase(.ers).rateCMPerYear(radians: [1], days: 0)
    }
  }

  @Test func noDataStaysNoData() {
    #expect(DeformationPhase(.ers).radians(rateCMPerYear: [.nan], days: 35)[0].isNaN)
  }
}
