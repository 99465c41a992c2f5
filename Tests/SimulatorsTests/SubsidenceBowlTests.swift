import Foundation
import Simulators
import Testing

@Suite struct SubsidenceBowlTests {
  func bowl(azimuth: Double = 0, up: Double = -10) throws -> SubsidenceBowl {
    try SubsidenceBowl(
      eastMeters: 0, northMeters: 0, peakUpCMPerYear: up, sigmaAlongMeters: 400,
      sigmaAcrossMeters: 200, azimuthDegrees: azimuth, depthMeters: 800)
  }

  @Test func theCenterMovesByThePeakAndOneSigmaByItsRoot() throws {
    let bowl = try bowl()
    #expect(bowl.rateCMPerYear(eastMeters: 0, northMeters: 0) == SIMD3(0, 0, -10))
    let north = bowl.rateCMPerYear(eastMeters: 0, northMeters: 400)
    let east = bowl.rateCMPerYear(eastMeters: 200, northMeters: 0)
    #expect(abs(north.z + 10 * exp(-0.5)) < 1e-12)
    #expect(abs(east.z + 10 * exp(-0.5)) < 1e-12)
  }

  @Test func sinkingGroundMovesInwardAndTheFormulaHolds() throws {
    let rate = try bowl().rateCMPerYear(eastMeters: 200, northMeters: 0)
    #expect(rate.x < 0)
    #expect(abs(rate.x - 200.0 / 800 * rate.z) < 1e-12)
  }

  @Test func theLongAxisFollowsTheAzimuth() throws {
    let bowl = try bowl(azimuth: 90)
    let along = bowl.rateCMPerYear(eastMeters: 400, northMeters: 0)
    #expect(abs(along.z + 10 * exp(-0.5)) < 1e-9)
  }

  /// The volume of the bowl is 2 pi sigma_a sigma_b times the peak.
  @Test func theVolumeIsThatOfAGaussian() throws {
    let grid = try SceneGrid(width: 120, height: 200, pixelSizeMeters: 25)
    let bowl = try SubsidenceBowl(
      eastMeters: 1500, northMeters: 2500, peakUpCMPerYear: -10, sigmaAlongMeters: 400,
      sigmaAcrossMeters: 200, azimuthDegrees: 0, depthMeters: 800)
    let field = DeformationField(grid: grid, sources: [bowl])
    let sum = field.upCMPerYear.reduce(0.0) { $0 + Double($1) } * 25 * 25
    #expect(abs(sum / (-10 * 2 * .pi * 400 * 200) - 1) < 1e-4)
  }

  @Test(arguments: [0.0, -5, .nan]) func aSigmaOutOfRangeIsAnError(sigma: Double) {
    #expect(throws: SimulatorError.self) {
      try SubsidenceBowl(
        eastMeters: 0, northMeters: 0, peakUpCMPerYear: -1, sigmaAlongMeters: sigma,
        sigmaAcrossMeters: 100, depthMeters: 100)
    }
    #expect(throws: SimulatorError.self) {
      try SubsidenceBowl(
        eastMeters: 0, northMeters: 0, peakUpCMPerYear: -1, sigmaAlongMeters: 100,
        sigmaAcrossMeters: 100, depthMeters: sigma)
    }
  }
}
