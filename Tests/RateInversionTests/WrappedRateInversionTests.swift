import InSARPhase
import Kernel
import RateInversion
import Testing

@Suite struct WrappedRateInversionTests {
  /// Rates that jump by turns between neighbors, as no unwrapping could follow.
  @Test func ratesComeBackWhereUnwrappingWouldFail() throws {
    let network = try LinearRateInversionTests.network(14, connections: 4)
    let radar = LinearRateInversionTests.radar
    let (rates, heights) = LinearRateInversionTests.truth(400)
    let planes = LinearRateInversionTests.planes(network, rates: rates, heights: heights)
    let inside = planes.map { $0.map { Float(wrapped($0)) } }
    let jumps = planes[3].indices.dropFirst().count { abs(planes[3][$0] - planes[3][$0 - 1]) > .pi }
    #expect(jumps > 50, "the test must be out of unwrapping's reach")

    let estimate = try WrappedRateInversion(network: network, radar: radar)
      .invert(wrappedRadians: inside)
    for pixel in rates.indices {
      #expect(abs(estimate.rateCMPerYear[pixel] - rates[pixel]) < 2e-3)
      #expect(abs(estimate.demErrorMeters[pixel] - heights[pixel]) < 0.05)
      #expect(estimate.temporalCoherence[pixel] > 0.9999)
    }
    // Least squares of the same wrapped phases goes wrong.
    let linear = try LinearRateInversion(network: network, radar: radar)
      .invert(unwrappedRadians: inside)
    let wrong = rates.indices.count { abs(linear.rateCMPerYear[$0] - rates[$0]) > 1 }
    #expect(wrong > 100)
  }

  /// The walk ends near the grid's answer nearly everywhere, and is a function of the pixel and the seed.
  @Test func annealingFindsTheSameRates() throws {
    let network = try LinearRateInversionTests.network(14, connections: 4)
    let radar = LinearRateInversionTests.radar
    let (rates, heights) = LinearRateInversionTests.truth(60)
    let planes = LinearRateInversionTests.planes(network, rates: rates, heights: heights)
      .map { $0.map { Float(wrapped($0)) } }
    var search = RateSearch()
    search.method = .annealing
    func estimate(_ planes: [[Float]]) throws -> WrappedRateEstimate {
      try WrappedRateInversion(network: network, radar: radar, search: search)
        .invert(wrappedRadians: planes)
    }
    let found = try estimate(planes)
    let good = rates.indices.count {
      abs(found.rateCMPerYear[$0] - rates[$0]) < 0.1
        && abs(found.demErrorMeters[$0] - heights[$0]) < 1
    }
    #expect(good >= 54, "\(good) of 60")
    // The last pixel alone.
    #expect(try estimate(planes.map { [$0[59]] }).rateCMPerYear[0] == found.rateCMPerYear[59])
    search.seed = 1
    #expect(try estimate(planes).rateCMPerYear != found.rateCMPerYear)
    search.annealingSteps = 5
    #expect(throws: InversionError.self) { try estimate(planes) }
  }

  @Test func noiseLowersTheTemporalCoherenceAsItShould() throws {
    let network = try LinearRateInversionTests.network(14, connections: 4)
    let (rates, heights) = LinearRateInversionTests.truth(300)
    var planes = LinearRateInversionTests.planes(network, rates: rates, heights: heights)
    var random = CounterRandom(4, .testInput)
    for plane in planes.indices {
      for pixel in rates.indices {
        planes[plane][pixel] = wrapped(planes[plane][pixel] + Float(0.5 * random.normal()))
      }
    }
    // Rates up to 25 cm/yr and their noise need room within the limits.
    var search = RateSearch()
    search.rateLimitCMPerYear = 35
    search.heightErrorLimitMeters = 70
    let estimate = try WrappedRateInversion(
      network: network, radar: LinearRateInversionTests.radar, search: search
    ).invert(wrappedRadians: planes)
    let mean = estimate.temporalCoherence.reduce(0, +) / 300
    // exp(-sigma^2 / 2) = 0.8825, a little more after three values were fitted to 46.
    #expect((0.875...0.905).contains(mean), "\(mean)")
    let good = rates.indices.count { abs(estimate.rateCMPerYear[$0] - rates[$0]) < 4 }
    #expect(good > 290, "\(good) of 300")
  }

  @Test func missingValuesAndTooFewAreNaN() throws {
    let network = try LinearRateInversionTests.network(8)
    let (rates, heights) = LinearRateInversionTests.truth(3)
    var planes = LinearRateInversionTests.planes(network, rates: rates, heights: heights)
      .map { wrapped($0) }
    for plane in planes.indices {
      if plane > 1 { planes[plane][0] = .nan }
      if plane % 5 == 0 { planes[plane][1] = .nan }
    }
    let estimate = try WrappedRateInversion(
      network: network, radar: LinearRateInversionTests.radar
    ).invert(wrappedRadians: planes)
    #expect(estimate.rateCMPerYear[0].isNaN && estimate.temporalCoherence[0].isNaN)
    for pixel in 1...2 { #expect(abs(estimate.rateCMPerYear[pixel] - rates[pixel]) < 0.01) }
  }

  /// Baselines proportional to the intervals, as near as files round them: noise carries the best value
  /// anywhere, and a rate and a height error that cancel each other fit as well as none.
  @Test(arguments: [0, 0.05])
  func pixelsThatTellNothingApartAreNaN(rounding: Double) throws {
    let meters = [0, 24, 48, 80, -40, 15].enumerated().map {
      Double($1) + rounding * Double($0 % 2)
    }
    let start = try AcquisitionDate("20200101")
    let network = try InterferogramNetwork(
      acquisitions: meters.enumerated().map {
        Acquisition(date: try start.adding(days: 12 * $0), perpendicularBaselineMeters: $1)
      }, limits: NetworkLimits(maximumConnections: 3))
    let (rates, heights) = LinearRateInversionTests.truth(40)
    var planes = LinearRateInversionTests.planes(network, rates: rates, heights: heights)
    // The first twenty pixels have data among the first three dates only, five of them in one more.
    for (index, pair) in network.pairs.enumerated() where pair.secondary > 2 {
      for pixel in 0..<(pair.secondary == 3 && pair.reference == 0 ? 15 : 20) {
        planes[index][pixel] = .nan
      }
    }
    let estimate = try WrappedRateInversion(
      network: network, radar: LinearRateInversionTests.radar
    ).invert(wrappedRadians: planes.map { wrapped($0) })
    #expect(estimate.singularCount == 15)
    for pixel in 0..<15 {
      #expect(estimate.rateCMPerYear[pixel].isNaN && estimate.demErrorMeters[pixel].isNaN)
      #expect(estimate.temporalCoherence[pixel].isNaN)
    }
    for pixel in 20..<40 where estimate.rateCMPerYear[pixel].isFinite {
      #expect(abs(estimate.rateCMPerYear[pixel] - rates[pixel]) < 0.01)
    }
    #expect(estimate.rateCMPerYear[20...].count(where: \.isFinite) > 15)
  }

  @Test func aBestValueOnTheLimitIsNone() throws {
    let network = try LinearRateInversionTests.network(14, connections: 4)
    let rates: [Float] = [-12, -10.5, -9.5, 0, 9.5, 10.5, 12, 3, 3]
    let heights: [Float] = [0, 0, 0, 0, 0, 0, 0, 21, -19]
    let planes = LinearRateInversionTests.planes(network, rates: rates, heights: heights)
      .map { wrapped($0) }
    var search = RateSearch()
    search.rateLimitCMPerYear = 10
    search.heightErrorLimitMeters = 20
    let estimate = try WrappedRateInversion(
      network: network, radar: LinearRateInversionTests.radar, search: search
    ).invert(wrappedRadians: planes)
    #expect(estimate.limitCount == 5 && estimate.singularCount == 0)
    for (index, isInside) in [false, false, true, true, true, false, false, false, true]
      .enumerated()
    {
      #expect(estimate.rateCMPerYear[index].isFinite == isInside)
      if isInside { #expect(abs(estimate.rateCMPerYear[index] - rates[index]) < 0.01) }
    }
  }

  @Test func asManyInterferogramsAsOpenValuesAreAnError() throws {
    // Rate, height error and a common phase of three interferograms: anything fits.
    let network = try LinearRateInversionTests.network(3, connections: 2)
    let error = #expect(throws: InversionError.self) {
      try WrappedRateInversion(network: network, radar: LinearRateInversionTests.radar)
    }
    #expect("\(try #require(error))".contains("at least 4"))
  }

  @Test func rateDifferencesThatNoPhaseTellsAreKnown() throws {
    func inversion(everyDays: Int, limit: Double) throws -> WrappedRateInversion {
      let network = try InterferogramNetwork(
        start: AcquisitionDate("20200101"), count: 8, everyDays: everyDays, seed: 2,
        limits: NetworkLimits(maximumConnections: 3))
      var search = RateSearch()
      search.rateLimitCMPerYear = limit
      return try WrappedRateInversion(
        network: network, radar: LinearRateInversionTests.radar, search: search)
    }
    #expect(try inversion(everyDays: 12, limit: 26).ambiguityCMPerYear == nil)
    let yearly = try inversion(everyDays: 365, limit: 5)
    // Half a wavelength in 365 days.
    let period = try #require(yearly.ambiguityCMPerYear)
    #expect(abs(period - 100 * 0.0554658 / 2) < 0.03)
    // Found as one of several, a rate is none; within half the period it is found.
    let rates: [Float] = [0.4, -1.1]
    let planes = LinearRateInversionTests.planes(yearly.network, rates: rates, heights: [0, 0])
      .map { wrapped($0) }
    let several = try yearly.invert(wrappedRadians: planes)
    #expect(several.ambiguousCount == 2 && several.rateCMPerYear.allSatisfy(\.isNaN))
    let one = try inversion(everyDays: 365, limit: 1.3)
    #expect(one.ambiguityCMPerYear == nil)
    let found = try one.invert(wrappedRadians: planes).rateCMPerYear
    #expect(zip(found, rates).allSatisfy { abs($0 - $1) < 1e-3 })
    // Leap years do not tell them apart in practice.
    #expect(try inversion(everyDays: 366, limit: 5).ambiguityCMPerYear != nil)
  }

  /// Few interferograms leave much room: with six, pure noise looks coherent enough.
  @Test func noiseLooksCoherentInSmallNetworks() throws {
    func noise(_ dates: Int) throws -> Float {
      try WrappedRateInversion(
        network: LinearRateInversionTests.network(dates, connections: 3),
        radar: LinearRateInversionTests.radar
      ).noiseCoherence()
    }
    let (few, many) = (try noise(4), try noise(24))
    #expect(few > 0.6 && (0.2...0.4).contains(many), "\(few), \(many)")
  }

  @Test func theRateAloneCanBeEstimated() throws {
    let network = try LinearRateInversionTests.network(baseline: 0)
    let (rates, _) = LinearRateInversionTests.truth(50)
    let zeros = [Float](repeating: 0, count: 50)
    let planes = LinearRateInversionTests.planes(network, rates: rates, heights: zeros)
      .map { wrapped($0) }
    var settings = InversionSettings()
    settings.estimatesHeightError = false
    let estimate = try WrappedRateInversion(
      network: network, radar: LinearRateInversionTests.radar, settings: settings
    ).invert(wrappedRadians: planes)
    #expect(estimate.demErrorMeters.isEmpty)
    for pixel in rates.indices {
      #expect(abs(estimate.rateCMPerYear[pixel] - rates[pixel]) < 2e-3)
    }
  }

  @Test func whatCannotBeDoneIsAnError() throws {
    let radar = LinearRateInversionTests.radar
    // One interval only: a rate looks like a common phase.
    let chain = try LinearRateInversionTests.network(connections: 1)
    #expect(throws: InversionError.self) { try WrappedRateInversion(network: chain, radar: radar) }
    let network = try LinearRateInversionTests.network()
    for change: (inout RateSearch) -> Void in [
      { $0.rateLimitCMPerYear = 0 }, { $0.heightErrorLimitMeters = .nan }, { $0.refinements = 0 },
      { $0.rateLimitCMPerYear = 1e9 },
    ] {
      var search = RateSearch()
      change(&search)
      #expect(throws: InversionError.self) {
        try WrappedRateInversion(network: network, radar: radar, search: search)
      }
    }
  }
}
