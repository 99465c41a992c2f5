import Foundation
import Simulators
import Testing

@Suite struct StrikeSlipFaultTests {
  /// Strikes north: along is north, across is east.
  func fault(
    deep: Double = 4, creep: Double = 0, strike: Double = 0, length: Double = 1e9
  ) throws -> StrikeSlipFault {
    try StrikeSlipFault(
      .init(
        eastMeters: 0, northMeters: 0, strikeDegrees: strike, lengthMeters: length,
        taperMeters: 5000), deepSlipCMPerYear: deep, lockingDepthMeters: 10_000,
      creepCMPerYear: creep, creepDepthMeters: 2000)
  }

  @Test(arguments: [100.0, 3000, 40_000]) func theSidesMoveOpposite(across: Double) throws {
    let fault = try fault(creep: 1)
    let right = fault.rateCMPerYear(eastMeters: across, northMeters: 50)
    let left = fault.rateCMPerYear(eastMeters: -across, northMeters: 50)
    #expect(abs(right.y + left.y) < 1e-12)
    #expect(right.y > 0, "left-lateral: across the fault the other side moves to the left")
    #expect(right.z == 0 && abs(right.x) < 1e-12)
  }

  /// Savage and Burford: a quarter of the rate at one locking depth, half of it far away.
  @Test func theProfileIsTheArcTangent() throws {
    let fault = try fault()
    #expect(abs(fault.rateCMPerYear(eastMeters: 10_000, northMeters: 0).y - 1) < 1e-9)
    #expect(abs(fault.rateCMPerYear(eastMeters: 1e8, northMeters: 0).y - 2) < 1e-3)
    #expect(fault.rateCMPerYear(eastMeters: 0, northMeters: 0).y == 0)
  }

  @Test func creepStepsByItsRateAtTheTraceAndFadesAway() throws {
    let fault = try fault(deep: 0, creep: 3)
    let step =
      fault.rateCMPerYear(eastMeters: 1e-6, northMeters: 0).y
      - fault.rateCMPerYear(eastMeters: -1e-6, northMeters: 0).y
    #expect(abs(step - 3) < 1e-6)
    #expect(abs(fault.rateCMPerYear(eastMeters: 2000, northMeters: 0).y - 0.75) < 1e-9)
    #expect(fault.rateCMPerYear(eastMeters: 1e7, northMeters: 0).y < 1e-3)
  }

  /// A fault that creeps at the rate of the deep slip down to the locking depth is a rigid block.
  @Test func creepAndDeepSlipOfOneRateAreABlock() throws {
    let fault = try StrikeSlipFault(
      .init(eastMeters: 0, northMeters: 0, strikeDegrees: 0, lengthMeters: 1e9, taperMeters: 1000),
      deepSlipCMPerYear: 4, lockingDepthMeters: 5000, creepCMPerYear: 4, creepDepthMeters: 5000)
    for across in [1.0, 700, 5000, 90_000] {
      #expect(abs(fault.rateCMPerYear(eastMeters: across, northMeters: 0).y - 2) < 1e-9)
    }
  }

  @Test func endsAreTapered() throws {
    let fault = try fault(length: 40_000)
    let middle = fault.rateCMPerYear(eastMeters: 10_000, northMeters: 0).y
    let end = fault.rateCMPerYear(eastMeters: 10_000, northMeters: 20_000).y
    #expect(abs(end / middle - 0.5) < 1e-3)
    #expect(abs(fault.rateCMPerYear(eastMeters: 10_000, northMeters: 60_000).y) < 1e-9)
  }

  @Test func strikeTurnsTheMotion() throws {
    let fault = try fault(strike: 90)
    // Strikes east: the right-hand side is south.
    let rate = fault.rateCMPerYear(eastMeters: 0, northMeters: -10_000)
    #expect(abs(rate.x - 1) < 1e-9 && abs(rate.y) < 1e-9)
  }

  @Test(arguments: [0.0, -10, .nan]) func aDepthOutOfRangeIsAnError(depth: Double) {
    #expect(throws: SimulatorError.self) {
      try StrikeSlipFault(
        .init(eastMeters: 0, northMeters: 0, strikeDegrees: 0, lengthMeters: 1, taperMeters: 1),
        deepSlipCMPerYear: 1, lockingDepthMeters: depth)
    }
  }
}
