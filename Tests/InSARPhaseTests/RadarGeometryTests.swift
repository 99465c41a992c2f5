import Foundation
import InSARPhase
import Testing

@Suite struct RadarGeometryTests {
  /// Critical baselines as published: ERS about 1.1 km, Sentinel-1 about 5 km.
  @Test func criticalBaselinesAreThePublishedOnes() {
    #expect((950...1200).contains(RadarGeometry(.ers).criticalBaselineMeters))
    #expect((4500...7000).contains(RadarGeometry(.sentinel1).criticalBaselineMeters))
  }

  @Test(arguments: Sensor.allCases) func everySensorHasAGeometry(sensor: Sensor) {
    let radar = RadarGeometry(sensor)
    // The slant range lies between the orbit's height and that over a flat Earth.
    let flat = radar.slantRangeMeters * cos(radar.incidenceDegrees * .pi / 180)
    #expect((500e3...820e3).contains(flat), "\(sensor): \(flat)")
    #expect(radar.criticalBaselineMeters > 900)
    #expect(LineOfSight(radar).unitVector.z > 0.7)
  }

  @Test func decodingChecks() throws {
    let radar = RadarGeometry(.alos2)
    let data = try JSONEncoder().encode(radar)
    #expect(try JSONDecoder().decode(RadarGeometry.self, from: data) == radar)
    let bad = String(decoding: data, as: UTF8.self)
      .replacingOccurrences(of: #""incidenceDegrees":36"#, with: #""incidenceDegrees":90"#)
    #expect(throws: InSARPhaseError.self) {
      try JSONDecoder().decode(RadarGeometry.self, from: Data(bad.utf8))
    }
    let line = #"{"incidenceDegrees": 95, "headingDegrees": 0, "look": "right"}"#
    #expect(throws: InSARPhaseError.self) {
      try JSONDecoder().decode(LineOfSight.self, from: Data(line.utf8))
    }
    #expect(throws: InSARPhaseError.self) {
      try JSONDecoder().decode(
        DeformationPhase.self, from: Data(#"{"wavelengthMeters": 0}"#.utf8))
    }
    let grid = try StackGeometry(width: 3, height: 2, pixelSizeMeters: 30, radar: radar)
    let gridData = try JSONEncoder().encode(grid)
    #expect(try JSONDecoder().decode(StackGeometry.self, from: gridData) == grid)
  }

  @Test func everyFaultIsNamedAtOnce() {
    let error = #expect(throws: InSARPhaseError.self) {
      try RadarGeometry(
        wavelengthMeters: 0, incidenceDegrees: 0, slantRangeMeters: -1, headingDegrees: .nan,
        rangeBandwidthHertz: 0)
    }
    guard case .settings(let faults)? = error else {
      Issue.record("no list of faults")
      return
    }
    #expect(faults.count == 5)
  }

  @Test func aPositiveHeightErrorLowersThePhaseOfAPositiveBaseline() {
    let topography = TopographicError(RadarGeometry(.ers))
    // ERS: a turn for about 9.5 m at 1000 m: published heights of ambiguity are near 9400 / Bperp.
    let height = topography.heightOfAmbiguityMeters(perpendicularBaselineMeters: 1000)
    #expect((8.5...10.5).contains(height))
    let phase = topography.radians(
      demErrorMeters: [Float(height), 0, .nan], perpendicularBaselineMeters: 1000)
    #expect(abs(phase[0] + 2 * .pi) < 1e-4)
    #expect(phase[1] == 0)
    #expect(phase[2].isNaN)
  }

  /// Sun et al. draw this factor from an interval of TerraSAR-X geometries.
  @Test func terraSARXLiesInThePublishedInterval() {
    let factor = TopographicError(RadarGeometry(.terraSARX)).radiansPerSquareMeter
    #expect((-0.0016018 ... -0.0008677).contains(factor), "\(factor)")
  }
}
