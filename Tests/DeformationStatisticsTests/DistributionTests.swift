import Testing

@testable import DeformationStatistics
@testable import Kernel

@Suite struct DistributionTests {
  @Test func theDistanceAgreesWithSciPy() throws {
    let fixture = try StatisticsFixture.load()
    let ours = try Wasserstein.distance(fixture.a, fixture.b)
    #expect(abs(ours - fixture.wasserstein) < 1e-6)
    #expect(try Wasserstein.distance(fixture.a, fixture.a) == 0)
    #expect(throws: DeformationStatisticsError.self) { try Wasserstein.distance([], [1]) }
  }

  @Test func countingInBinsKeepsTheDistance() throws {
    let fixture = try StatisticsFixture.load()
    let bootstrap = try Bootstrap(resamples: 20)
    let binned = try SetComparison.distance([fixture.a], [fixture.b], bootstrap: bootstrap)
    #expect(abs(binned.value - fixture.wasserstein) < 2e-3)
    let self0 = try SetComparison.distance([fixture.a], [fixture.a], bootstrap: bootstrap)
    #expect(self0.value == 0)
  }

  @Test func aShiftIsTheDistance() throws {
    let bootstrap = try Bootstrap(resamples: 50)
    let comparison = try SetComparison(
      noisePatches(20, shift: 1.5), reference: noisePatches(20), bootstrap: bootstrap)
    let distance = comparison.rateWassersteinCMPerYear
    #expect(abs(distance.value - 1.5) < 1e-2)
    #expect(try #require(distance.low) <= distance.value)
    #expect(try #require(distance.high) >= distance.value)
    #expect(comparison.gradientWassersteinCMPerYearPixel.value < 0.01)
    #expect(try #require(comparison.logSpectralDistanceDecades) < 1e-3)
  }

  @Test func histogramsCountWhatLiesBeyond() throws {
    let bins = try Bins(low: -1, high: 1, count: 4)
    let histogram = try Histogram([[-2, -1, -0.1, 0.2, 1, 3, 4, 0.6]], bins: bins, set: "x")
    #expect(histogram.density == [0.25, 0.25, 0.25, 0.5])
    #expect(histogram.shareBelow == 0.125 && histogram.shareAbove == 0.25)
    #expect(throws: DeformationStatisticsError.self) { try Bins(low: 1, high: 1, count: 3) }
    #expect(throws: DeformationStatisticsError.self) { try Histogram([[]], bins: bins, set: "x") }
  }

  @Test func intervalsCoverWhatTheyShould() throws {
    // The mean of 30 draws lies in its own interval for about 95 % of 200 sets of draws.
    let covered = try (0..<200).count { trial in
      let bootstrap = try Bootstrap(resamples: 200, seed: UInt64(trial))
      var random = CounterRandom(9, .testInput, UInt64(trial))
      let values = (0..<30).map { _ in Optional(random.normal()) }
      guard let estimate = bootstrap.mean(values), let low = estimate.low,
        let high = estimate.high
      else { return false }
      return low <= 0 && 0 <= high
    }
    #expect((172...198).contains(covered))
  }

  @Test func patchesWithoutAValueDoNotCount() throws {
    let bootstrap = try Bootstrap(resamples: 20)
    #expect(bootstrap.mean([1, nil, 3])?.value == 2)
    #expect(bootstrap.mean([nil, nil]) == nil)
    #expect(bootstrap.ratio([4, 6], [1, 1])?.value == 5)
    #expect(bootstrap.ratio([0, 0], [0, 0]) == nil)
    #expect(throws: DeformationStatisticsError.self) { try Bootstrap(resamples: 1) }
    let none = try Bootstrap(resamples: 0).mean([1, 2, 3])
    #expect(none?.value == 2 && none?.low == nil && none?.high == nil)
  }
}
