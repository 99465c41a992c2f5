import Foundation
import Testing

@testable import DeformationStatistics

@Suite struct SetStatisticsTests {
  @Test func whiteNoiseHasAFlatSpectrumAndVariogram() throws {
    let statistics = try SetStatistics(noisePatches(40, size: 32), settings)
    let slope = try #require(statistics.spectrum.slope)
    #expect(abs(slope.value) < 0.3)
    let low = try #require(slope.low)
    let high = try #require(slope.high)
    #expect(low < slope.value && slope.value < high)
    // Uniform in [-5, 5]: the variance is 25 / 3, and so is the level of the density.
    for value in statistics.variogram.semivariance { #expect(abs(value.value - 25 / 3) < 0.4) }
    // Removing the mean takes power from the lowest rings.
    for ring in statistics.spectrum.power.dropFirst(2) { #expect(abs(ring.value - 25 / 3) < 2) }
    #expect(abs(statistics.measures["quietShare"]!.value - 0.6) < 0.02)
    #expect(abs(statistics.rateHistogram.density.reduce(0, +) * 0.5 - 1) < 1e-9)
  }

  @Test func constantPatchesHaveNumbersWhereTheyCan() throws {
    let flat = try RatePatches(
      name: "flat", size: 16,
      patches: [[Float]](repeating: Array(repeating: 4, count: 256), count: 3))
    let statistics = try SetStatistics(flat, settings)
    #expect(statistics.spectrum.slope == nil)
    #expect(statistics.measures["quietShare"]?.value == 0)
    #expect(statistics.measures["blobsPerPatch"]?.value == 1)
    #expect(statistics.measures["blobAreaPixels"]?.value == 256)
    #expect(statistics.measures["standardDeviationCMPerYear"]?.value == 0)
    let quiet = try RatePatches(
      name: "zero", size: 16, patches: [[Float](repeating: 0, count: 256)])
    let none = try SetStatistics(quiet, settings)
    #expect(none.measures["blobAreaPixels"] == nil && none.measures["blobsPerPatch"]?.value == 0)
    let comparison = try SetComparison(flat, reference: quiet, bootstrap: settings.bootstrap)
    #expect(abs(comparison.rateWassersteinCMPerYear.value - 4) < 2e-3)
    #expect(comparison.logSpectralDistanceDecades == nil)
    // All that is kept can be written as JSON, which has no NaN.
    #expect(throws: Never.self) { try JSONEncoder().encode([statistics, none]) }
  }

  @Test func onePatchHasNoInterval() throws {
    let statistics = try SetStatistics(noisePatches(1), settings)
    #expect(statistics.measures["quietShare"]?.low == nil)
    #expect(statistics.measures["quietShare"]?.high == nil)
  }

  @Test func badPatchesAreNamed() throws {
    #expect(throws: DeformationStatisticsError.noPatches(set: "x")) {
      try RatePatches(name: "x", size: 16, patches: [])
    }
    #expect(throws: DeformationStatisticsError.tooSmall(set: "x", size: 4, needed: 8)) {
      try RatePatches(name: "x", size: 4, patches: [[Float](repeating: 0, count: 16)])
    }
    #expect(
      throws: DeformationStatisticsError.wrongSize(set: "x", patch: 1, values: 81, expected: 64)
    ) {
      try RatePatches(
        name: "x", size: 8,
        patches: [[Float](repeating: 0, count: 64), [Float](repeating: 0, count: 81)])
    }
    #expect {
      try RatePatches(name: "x", size: 8, patches: [[Float](repeating: .nan, count: 64)])
    } throws: { "\($0)".hasPrefix("patch 0 of x contains nan.") }
    #expect(throws: DeformationStatisticsError.self) {
      try SetComparison(
        noisePatches(2), reference: noisePatches(2, size: 8), bootstrap: settings.bootstrap)
    }
    #expect(throws: DeformationStatisticsError.self) {
      try StatisticsSettings(radiansPerCMPerYear: 0, bootstrap: Bootstrap())
    }
  }
}
