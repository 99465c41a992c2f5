import InSARPhase
import RateInversion
import RunSupport
import Testing

@Suite struct WrappedRateInversionTests {
  /// Rates that jump by turns between neighbours, as no unwrapping could follow.
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
      #expect(abs(estimate.heightErrorMeters[pixel] - heights[pixel]) < 0.05)
      #expect(estimate.temporalCoherence[pixel] > 0.9999)
    }
    // Least squares of the same wrapped phases goes wrong.
    let linear = try LinearRateInversion(network: network, radar: radar)
      .invert(unwrappedRadians: inside)
    let wrong = rates.indices.count { abs(linear.rateCMPerYear[$0] - rates[$0]) > 1 }
    #expect(wrong > 100)
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
    let estimate = try WrappedRateInversion(
      network: network, radar: LinearRateInversionTests.radar
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
    #expect(estimate.heightErrorMeters.isEmpty)
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
