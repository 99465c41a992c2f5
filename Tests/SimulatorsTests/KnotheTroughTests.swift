import Foundation
import Simulators
import Testing

@Suite struct KnotheTroughTests {
  func trough(length: Double = 3000, width: Double = 2000, azimuth: Double = 0) throws
    -> KnotheTrough
  {
    try KnotheTrough(
      eastMeters: 0, northMeters: 0, fullUpCMPerYear: -20, panelLengthMeters: length,
      panelWidthMeters: width, azimuthDegrees: azimuth, depthMeters: 400,
      influenceAngleDegrees: 63.43494882)
  }

  @Test func aWidePanelHasAFlatBottomAndHalfOfItAtTheEdge() throws {
    let trough = try trough()
    #expect(abs(trough.influenceRadiusMeters - 200) < 1e-6)
    #expect(abs(trough.rateCMPerYear(eastMeters: 0, northMeters: 0).z + 20) < 1e-6)
    #expect(abs(trough.rateCMPerYear(eastMeters: 1000, northMeters: 0).z + 10) < 1e-6)
    #expect(abs(trough.rateCMPerYear(eastMeters: 1000, northMeters: 1500).z + 5) < 1e-6)
  }

  /// The horizontal rate is -r / sqrt(2 pi) times the gradient of the trough.
  @Test func horizontalMotionFollowsTheSlope() throws {
    let trough = try trough(length: 500, width: 300, azimuth: 30)
    let factor = -200 / (2 * Double.pi).squareRoot()
    for (east, north) in [(100.0, 40.0), (-250, 120), (60, -300)] {
      let step = 0.01
      func up(_ dx: Double, _ dy: Double) -> Double {
        trough.rateCMPerYear(eastMeters: east + dx, northMeters: north + dy).z
      }
      let rate = trough.rateCMPerYear(eastMeters: east, northMeters: north)
      #expect(abs(rate.x - factor * (up(step, 0) - up(-step, 0)) / (2 * step)) < 1e-6)
      #expect(abs(rate.y - factor * (up(0, step) - up(0, -step)) / (2 * step)) < 1e-6)
    }
  }

  /// The influence function integrates to one: the volume is the panel's area times the full rate.
  @Test func theVolumeIsThatOfThePanel() throws {
    let grid = try SceneGrid(width: 200, height: 200, pixelSizeMeters: 10)
    let trough = try KnotheTrough(
      eastMeters: 1000, northMeters: 1000, fullUpCMPerYear: -20, panelLengthMeters: 400,
      panelWidthMeters: 150, azimuthDegrees: 20, depthMeters: 300)
    let field = DeformationField(grid: grid, sources: [trough])
    let sum = field.upCMPerYear.reduce(0.0) { $0 + Double($1) } * 100
    #expect(abs(sum / (-20 * 400 * 150) - 1) < 1e-4)
  }

  @Test(arguments: [0.0, 90, -30, .nan]) func anAngleOutOfRangeIsAnError(degrees: Double) {
    #expect(throws: SimulatorError.self) {
      try KnotheTrough(
        eastMeters: 0, northMeters: 0, fullUpCMPerYear: -1, panelLengthMeters: 1,
        panelWidthMeters: 1, depthMeters: 1, influenceAngleDegrees: degrees)
    }
  }
}
