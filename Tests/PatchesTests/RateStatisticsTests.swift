import Testing

@testable import Datasets
@testable import Kernel

@Suite struct RateStatisticsTests {
  @Test func knownNumbers() throws {
    // numpy.percentile([1, 2, 4, 8], 25) is 1.75; the standard deviation is sqrt(7.1875).
    let statistics = try #require(RateStatistics([4, .nan, 1, 8, 2]))
    #expect(statistics.validPixels == 4 && abs(statistics.noDataShare - 0.2) < 1e-12)
    #expect(statistics.minimum == 1 && statistics.maximum == 8 && statistics.mean == 3.75)
    #expect(abs(statistics.standardDeviation - 7.1875.squareRoot()) < 1e-12)
    #expect(statistics.percentiles["25"] == 1.75 && statistics.percentiles["50"] == 3)
    #expect(statistics.percentiles["99.5"] != nil)
  }

  @Test func nothingValidHasNone() {
    #expect(RateStatistics([.nan, .nan]) == nil)
    #expect(RateStatistics([]) == nil)
  }

  @Test func totalsAreThoseOfAllPixelsTogether() throws {
    var random = CounterRandom(4, .testInput)
    let parts = [500, 37, 1200].enumerated().map { number, count in
      (0..<count).map { _ in
        random.uniform() < 0.1 ? Float.nan : Float(random.normal() * Double(number + 1)) + 2
      }
    }
    let totals = DatasetManifest.Totals(parts.compactMap(RateStatistics.init))
    let all = try #require(RateStatistics(parts.flatMap { $0 }))
    #expect(totals.validPixels == all.validPixels)
    #expect(abs(totals.standardDeviationCMPerYear - all.standardDeviation) < 1e-9)
    #expect(abs(totals.meanCMPerYear - all.mean) < 1e-9)
    #expect(abs(totals.noDataShare - all.noDataShare) < 1e-9)
    #expect(totals.minimumCMPerYear == all.minimum && totals.maximumCMPerYear == all.maximum)
  }
}
