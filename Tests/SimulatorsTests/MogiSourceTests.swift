import Foundation
import Simulators
import Testing

@Suite struct MogiSourceTests {
  let source: MogiSource

  init() throws {
    source = try MogiSource(
      eastMeters: 0, northMeters: 0, depthMeters: 3000, volumeRateCubicMetersPerYear: 2e6)
  }

  /// (1 - 0.25) 2e6 / (pi 3000^2) m = 5.305 cm.
  @Test func upliftAboveTheSource() {
    let rate = source.rateCMPerYear(eastMeters: 0, northMeters: 0)
    #expect(abs(rate.z - 5.305165) < 1e-6)
    #expect(rate.x == 0 && rate.y == 0)
  }

  @Test func thePeakFormGivesThePeak() throws {
    let source = try MogiSource(
      eastMeters: 100, northMeters: -50, depthMeters: 2000, peakUpCMPerYear: -7,
      poissonRatio: 0.3)
    #expect(abs(source.rateCMPerYear(eastMeters: 100, northMeters: -50).z + 7) < 1e-12)
  }

  @Test(arguments: [0.0, 37, 90, 154, 270]) func isTheSameInAllDirections(azimuth: Double) {
    let angle = azimuth * .pi / 180
    let rate = source.rateCMPerYear(eastMeters: 2000 * sin(angle), northMeters: 2000 * cos(angle))
    let reference = source.rateCMPerYear(eastMeters: 0, northMeters: 2000)
    #expect(abs(rate.z - reference.z) < 1e-12)
    #expect(abs(rate.x * sin(angle) + rate.y * cos(angle) - reference.y) < 1e-12, "outward")
    #expect(abs(rate.x * cos(angle) - rate.y * sin(angle)) < 1e-12, "no part across")
  }

  /// Far away u_r falls with the square of the distance and u_z with its cube.
  @Test func decaysFarAway() {
    let near = source.rateCMPerYear(eastMeters: 3e5, northMeters: 0)
    let far = source.rateCMPerYear(eastMeters: 6e5, northMeters: 0)
    #expect(abs(near.x / far.x - 4) < 1e-3)
    #expect(abs(near.z / far.z - 8) < 2e-3)
  }

  /// Half of the peak's uplift at d sqrt(2^(2/3) - 1); largest radial motion at d / sqrt(2).
  @Test func shapeIsThatOfThePublishedCurve() {
    let half = 3000 * (pow(2, 2.0 / 3) - 1).squareRoot()
    #expect(abs(source.rateCMPerYear(eastMeters: half, northMeters: 0).z - 5.305165 / 2) < 1e-6)
    let radial = { self.source.rateCMPerYear(eastMeters: $0, northMeters: 0).x }
    let peak = 3000 / 2.0.squareRoot()
    #expect(radial(peak) > radial(peak - 20) && radial(peak) > radial(peak + 20))
  }

  @Test func agreesWithIndependentCode() throws {
    let spheres = try OkadaFixture.load().spheres
    #expect(spheres.count == 6)
    for sphere in spheres {
      let source = try MogiSource(
        eastMeters: 500, northMeters: -200, depthMeters: sphere.depthMeters,
        volumeRateCubicMetersPerYear: sphere.volumeCubicMeters,
        poissonRatio: sphere.poissonRatio)
      for point in sphere.points {
        let rate = source.rateCMPerYear(eastMeters: point.x + 500, northMeters: point.y - 200)
        let scale = point.u.map(abs).max()!
        for axis in 0..<3 {
          #expect(abs(rate[axis] / 100 - point.u[axis]) < 1e-9 * scale)
        }
      }
    }
  }

  @Test(arguments: [0.0, -1, .nan, .infinity]) func aDepthOutOfRangeIsAnError(depth: Double) {
    #expect(throws: SimulatorError.self) {
      try MogiSource(
        eastMeters: 0, northMeters: 0, depthMeters: depth, volumeRateCubicMetersPerYear: 1)
    }
  }

  @Test func everyFaultIsNamedAtOnce() {
    do {
      _ = try MogiSource(
        eastMeters: .nan, northMeters: 0, depthMeters: 0, volumeRateCubicMetersPerYear: 1,
        poissonRatio: 0.6)
      Issue.record("a source below nothing was made")
    } catch {
      let message = "\(error)"
      #expect(message.contains("mogi") && message.contains("eastMeters is nan"))
      #expect(message.contains("depthMeters is 0.0; give a positive number"))
      #expect(message.contains("poissonRatio is 0.6; give a number in 0.0...0.5"))
    }
  }
}
