import Foundation
import InSARPhase
import Kernel
import RateInversion
import Testing

@Suite struct LinearRateInversionTests {
  static let radar = RadarGeometry(.sentinel1)

  static func network(_ count: Int = 12, connections: Int = 3, baseline: Double = 120) throws
    -> InterferogramNetwork
  {
    try InterferogramNetwork(
      start: AcquisitionDate("20200101"), count: count, everyDays: 12,
      baselineStandardDeviationMeters: baseline, seed: 8,
      limits: NetworkLimits(maximumConnections: connections))
  }

  /// Planes of given rates in cm/yr and height errors in m.
  static func planes(
    _ network: InterferogramNetwork, rates: [Float], heights: [Float]
  ) -> [[Float]] {
    network.pairs.map { pair in
      let deformation = DeformationPhase(radar)
        .radians(rateCMPerYear: rates, days: Double(network.days(pair)))
      let topography = TopographicError(radar).radians(
        demErrorMeters: heights,
        perpendicularBaselineMeters: network.perpendicularBaselineMeters(pair))
      return zip(deformation, topography).map { $0 + $1 }
    }
  }

  static func truth(_ count: Int) -> (rates: [Float], heights: [Float]) {
    var random = CounterRandom(3, .testInput)
    return (
      (0..<count).map { _ in Float(random.uniform(-25...25)) },
      (0..<count).map { _ in Float(random.uniform(-40...40)) }
    )
  }

  @Test func noiseFreePhasesGiveTheTruthBack() throws {
    let network = try Self.network()
    let (rates, heights) = Self.truth(5000)  // more than one range of pixels
    let estimate = try LinearRateInversion(network: network, radar: Self.radar)
      .invert(unwrappedRadians: Self.planes(network, rates: rates, heights: heights))
    #expect(estimate.rateCMPerYear.count == 5000)
    for pixel in rates.indices {
      #expect(abs(estimate.rateCMPerYear[pixel] - rates[pixel]) < 1e-4)
      #expect(abs(estimate.demErrorMeters[pixel] - heights[pixel]) < 1e-2)
      #expect(estimate.rateStandardErrorCMPerYear[pixel] < 1e-4)
      #expect(estimate.interferogramCount[pixel] == Int32(network.pairs.count))
    }
  }

  @Test(arguments: [Weighting.fisherInformation, .coherence, .uniform], [true, false])
  func itAgreesWithNumpy(weighting: Weighting, withDEMError: Bool) throws {
    let fixture = try LstsqFixture.load()
    var settings = InversionSettings()
    settings.weighting = weighting
    settings.looks = fixture.looks
    settings.estimatesHeightError = withDEMError
    let inversion = try LinearRateInversion(
      network: fixture.network(), radar: fixture.radar(), settings: settings)
    let phases = fixture.pairs.indices.map { pair in
      fixture.pixels.map { $0.phase[pair] ?? .nan }
    }
    let coherence = fixture.pairs.indices.map { pair in fixture.pixels.map { $0.coherence[pair] } }
    let estimate = try inversion.invert(unwrappedRadians: phases, coherence: coherence)
    let key = "\(weighting.rawValue)/\(withDEMError ? "both" : "rate")"
    for (index, pixel) in fixture.pixels.enumerated() {
      let expected = try #require(pixel.estimates[key])
      var got = [estimate.rateCMPerYear[index], estimate.rateStandardErrorCMPerYear[index]]
      if withDEMError {
        got = [
          got[0], estimate.demErrorMeters[index], got[1],
          estimate.demErrorStandardErrorMeters[index],
        ]
      }
      for (a, b) in zip(got, expected) {
        // Coherence is looked up in steps of 1/16384.
        #expect(abs(Double(a) - b) < 2e-3 * abs(b) + 2e-4, "\(key), pixel \(index)")
      }
    }
    #expect(estimate.demErrorMeters.isEmpty == !withDEMError)
  }

  /// The spread over many noisy pixels is the standard error that each reports.
  @Test func standardErrorsAreTheSpread() throws {
    let network = try Self.network()
    let count = 20_000
    var planes = Self.planes(
      network, rates: [Float](repeating: 4, count: count),
      heights: [Float](repeating: -7, count: count))
    var random = CounterRandom(1, .testInput)
    for plane in planes.indices {
      for pixel in 0..<count { planes[plane][pixel] += Float(0.3 * random.normal()) }
    }
    let estimate = try LinearRateInversion(network: network, radar: Self.radar)
      .invert(unwrappedRadians: planes)
    func check(_ values: [Float], _ truth: Double, _ errors: [Float]) {
      let n = Double(count)
      let mean = values.reduce(0.0) { $0 + Double($1) } / n
      let spread = (values.reduce(0.0) { $0 + pow(Double($1) - mean, 2) } / n).squareRoot()
      let reported = (errors.reduce(0.0) { $0 + pow(Double($1), 2) } / n).squareRoot()
      #expect(abs(mean - truth) < 5 * spread / n.squareRoot())
      #expect(abs(reported / spread - 1) < 0.03)
    }
    check(estimate.rateCMPerYear, 4, estimate.rateStandardErrorCMPerYear)
    check(estimate.demErrorMeters, -7, estimate.demErrorStandardErrorMeters)
  }

  @Test func weightsFavourWhatIsCoherent() throws {
    let network = try Self.network()
    let count = 4000
    let truth = Self.truth(count)
    var planes = Self.planes(network, rates: truth.rates, heights: truth.heights)
    var coherence = planes.map { $0.map { _ in Float(0.95) } }
    var random = CounterRandom(2, .testInput)
    for plane in planes.indices {
      let isPoor = plane % 2 == 0
      for pixel in 0..<count {
        planes[plane][pixel] += Float((isPoor ? 1.4 : 0.12) * random.normal())
        if isPoor { coherence[plane][pixel] = 0.2 }
      }
    }
    func rms(_ weighting: Weighting) throws -> Double {
      var settings = InversionSettings()
      settings.weighting = weighting
      let estimate = try LinearRateInversion(
        network: network, radar: Self.radar, settings: settings
      ).invert(unwrappedRadians: planes, coherence: coherence)
      let squares = zip(estimate.rateCMPerYear, truth.rates)
        .reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
      return (squares / Double(count)).squareRoot()
    }
    #expect(try rms(.inverseVariance) < 0.6 * rms(.uniform))
    #expect(try rms(.fisherInformation) < 0.6 * rms(.uniform))
    #expect(try rms(.coherence) < rms(.uniform))
  }

  @Test func missingValuesCostOnlyTheirPixels() throws {
    let network = try Self.network()
    let (rates, heights) = Self.truth(6)
    var planes = Self.planes(network, rates: rates, heights: heights)
    for plane in planes.indices {
      planes[plane][0] = .nan
      if plane != 3 { planes[plane][1] = .nan }
      if plane > 1 { planes[plane][2] = .infinity }
      if plane > 2 { planes[plane][3] = .nan }
      if plane % 4 == 0 { planes[plane][4] = .nan }
    }
    let estimate = try LinearRateInversion(network: network, radar: Self.radar)
      .invert(unwrappedRadians: planes)
    #expect(Array(estimate.interferogramCount[0...3]) == [0, 1, 2, 3])
    #expect(estimate.rateCMPerYear[0].isNaN && estimate.rateCMPerYear[1].isNaN)
    // Two interferograms give two unknowns, and no residual to judge them by.
    #expect(abs(estimate.rateCMPerYear[2] - rates[2]) < 1e-2)
    #expect(estimate.rateStandardErrorCMPerYear[2].isNaN)
    #expect(estimate.rateStandardErrorCMPerYear[3].isFinite)
    #expect(abs(estimate.rateCMPerYear[4] - rates[4]) < 1e-3)
    #expect(abs(estimate.rateCMPerYear[5] - rates[5]) < 1e-3)
  }

  @Test func theReferencePixelTakesCommonPhaseAway() throws {
    let network = try Self.network()
    let (rates, heights) = Self.truth(50)
    var planes = Self.planes(network, rates: rates, heights: heights)
    var random = CounterRandom(9, .testInput)
    for plane in planes.indices {
      let offset = Float(random.uniform(-9...9))
      planes[plane] = planes[plane].map { $0 + offset }
    }
    let reference = try referencePhases(of: planes, pixel: 7, network: network)
    let estimate = try LinearRateInversion(network: network, radar: Self.radar)
      .invert(unwrappedRadians: planes, referenceRadians: reference)
    for pixel in rates.indices {
      #expect(abs(estimate.rateCMPerYear[pixel] - (rates[pixel] - rates[7])) < 1e-3)
    }
    planes[2][7] = .nan
    #expect(throws: InversionError.self) {
      try referencePhases(of: planes, pixel: 7, network: network)
    }
    #expect(throws: InversionError.self) {
      try referencePhases(of: planes, pixel: 50, network: network)
    }
  }

  @Test func threadsDoNotChangeTheNumbers() throws {
    let network = try Self.network()
    let (rates, heights) = Self.truth(9000)
    let planes = Self.planes(network, rates: rates, heights: heights)
    func invert(_ threads: Int) throws -> RateEstimate {
      var settings = InversionSettings()
      settings.threads = threads
      return try LinearRateInversion(network: network, radar: Self.radar, settings: settings)
        .invert(unwrappedRadians: planes)
    }
    #expect(try invert(1) == invert(3))
  }

  @Test func whatCannotBeToldApartIsAnError() throws {
    let level = try Self.network(baseline: 0)
    let error = #expect(throws: InversionError.self) {
      try LinearRateInversion(network: level, radar: Self.radar)
    }
    #expect("\(try #require(error))".contains("Estimate the rate alone"))
    var alone = InversionSettings()
    alone.estimatesHeightError = false
    _ = try LinearRateInversion(network: level, radar: Self.radar, settings: alone)

    // Baselines that grow with time.
    let start = try AcquisitionDate("20200101")
    let drifting = try InterferogramNetwork(
      acquisitions: (0..<5).map {
        Acquisition(
          date: try start.adding(days: 12 * $0), perpendicularBaselineMeters: 10 * Double($0))
      })
    #expect(throws: InversionError.self) {
      try LinearRateInversion(network: drifting, radar: Self.radar)
    }
    let single = try Self.network(2)
    #expect(throws: InversionError.tooFewInterferograms(got: 1, needed: 2, withDEMError: true)) {
      try LinearRateInversion(network: single, radar: Self.radar)
    }
  }

  @Test func badInputIsAnError() throws {
    let network = try Self.network()
    let inversion = try LinearRateInversion(network: network, radar: Self.radar)
    let planes = network.pairs.map { _ in [Float](repeating: 0, count: 4) }
    #expect(throws: InversionError.self) {
      try inversion.invert(unwrappedRadians: Array(planes.dropLast()))
    }
    #expect(throws: InversionError.self) {
      try inversion.invert(unwrappedRadians: planes.dropLast() + [[0]])
    }
    for value in [Float(1.01), -0.2, .infinity] {
      var coherence = planes
      coherence[3][2] = value
      let error = #expect(throws: InversionError.self) {
        try inversion.invert(unwrappedRadians: planes, coherence: coherence)
      }
      #expect("\(try #require(error))".contains(network.name(network.pairs[3])))
    }
    for looks in [-1.0, 0, .nan, .infinity] {
      var settings = InversionSettings()
      settings.looks = looks
      #expect(throws: InversionError.self) {
        try LinearRateInversion(network: network, radar: Self.radar, settings: settings)
      }
    }
    #expect(throws: InversionError.self) {
      try inversion.invert(unwrappedRadians: planes, referenceRadians: [0])
    }
    #expect(try inversion.invert(unwrappedRadians: planes.map { _ in [] }).rateCMPerYear.isEmpty)
  }
}
