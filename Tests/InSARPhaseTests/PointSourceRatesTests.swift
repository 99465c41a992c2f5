import Testing

@testable import InSARPhase

@Suite struct PointSourceRatesTests {
  @Test func sourcesPeakAboveThemselves() throws {
    var source = PointSourceRates()
    source.peakLimitCMPerYear = 10
    let radar = try RadarGeometry(
      wavelengthMeters: 0.05, incidenceDegrees: 1e-6, slantRangeMeters: 8e5, headingDegrees: 0,
      rangeBandwidthHertz: 5e7)
    // Seen from above, the largest rate is the one drawn, where the source lies on the grid.
    for index in 0..<8 {
      let map = try source.map(index, size: 64, pixelSizeMeters: 50, radar: radar, seed: 3)
      #expect(map.count == 64 * 64)
      let largest = map.map { abs($0) }.max() ?? 0
      #expect(largest > 0 && largest <= 10.0001)
      #expect(map.allSatisfy { $0 >= 0 } || map.allSatisfy { $0 <= 0 })
    }
    #expect(throws: InSARPhaseError.self) {
      try source.map(-1, size: 8, pixelSizeMeters: 50, radar: radar, seed: 3)
    }
    source.deepestMeters = 1
    #expect(throws: InSARPhaseError.self) {
      try source.map(0, size: 8, pixelSizeMeters: 50, radar: radar, seed: 3)
    }
  }
}
