import Foundation
import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct SampleComposerTests {
  static let count = 48 * 48

  static func settings(_ change: (inout SampleSettings) -> Void = { _ in }) -> SampleSettings {
    var settings = SampleSettings()
    settings.size = 48
    settings.model.components = PhaseComponent.allCases
    change(&settings)
    return settings
  }

  static func rate(_ index: Int) throws -> [Float] {
    try PointSourceRates().map(
      index, size: 48, pixelSizeMeters: 90, radar: RadarGeometry(.sentinel1), seed: 2)
  }

  static let heights = RelativeHeights(demMeters: (0..<count).map { Float($0 % 48) * 30 })

  static func sample(_ composer: SampleComposer, _ index: Int) throws -> ComposedSample {
    try composer.sample(index, rateCMPerYear: rate(index), heights: heights)
  }

  @Test func componentsAddUpAndWrapExactly() throws {
    let composer = try SampleComposer(Self.settings(), seed: 4)
    for index in 0..<5 {
      let interferogram = try Self.sample(composer, index).interferogram
      var sum = [Float](repeating: 0, count: Self.count)
      for component in PhaseComponent.allCases {
        let plane = try #require(interferogram.componentsRadians[component])
        for (pixel, value) in plane.enumerated() { sum[pixel] += value }
      }
      #expect(sum == interferogram.unwrappedRadians)
      #expect(
        wrapped(sum).map(\.bitPattern) == interferogram.wrappedRadians.map(\.bitPattern))
      #expect(interferogram.coherence.count == Self.count)
    }
  }

  @Test func aSampleDependsOnSeedAndIndexAlone() throws {
    let composer = try SampleComposer(Self.settings(), seed: 4)
    _ = try Self.sample(composer, 0)
    let later = try Self.sample(composer, 5)
    let alone = try Self.sample(SampleComposer(Self.settings(), seed: 4), 5)
    #expect(later.parameters == alone.parameters)
    #expect(later.interferogram == alone.interferogram)
    let other = try SampleComposer(Self.settings(), seed: 5)
      .sample(5, rateCMPerYear: Self.rate(5), heights: Self.heights)
    #expect(other.interferogram.wrappedRadians != alone.interferogram.wrappedRadians)
  }

  @Test func componentsFollowTheirParameters() throws {
    let composer = try SampleComposer(
      Self.settings { $0.model.orbitalRamp.shape = .quadratic }, seed: 4)
    let radar = RadarGeometry(.sentinel1)
    for index in 0..<3 {
      let sample = try Self.sample(composer, index)
      let parameters = sample.parameters
      let planes = sample.interferogram.componentsRadians
      let expected = DeformationPhase(radar)
        .radians(rateCMPerYear: try Self.rate(index), days: parameters.days)
      #expect(planes[.deformation] == expected)
      let height = TopographicError(radar).radians(
        demErrorMeters: try #require(sample.demErrorMeters),
        perpendicularBaselineMeters: parameters.perpendicularBaselineMeters)
      #expect(planes[.topographicError] == height)
      let ramp = try #require(planes[.orbitalRamp])
      let surface = OrbitalRamp.radians(parameters.rampRadians, width: 48, height: 48)
      for (a, b) in zip(ramp, surface) { #expect(abs(a - b) < 1e-5) }
      let layers = try #require(planes[.stratification])
      let slope = parameters.stratificationRadiansPerKilometer / 1000
      for (a, b) in zip(layers, Self.heights.meters) {
        #expect(abs(Double(a) - Double(b) * slope) < 1e-5)
      }
      let dates = try #require(sample.turbulenceOfDates)
      #expect(planes[.turbulence] == zip(dates.secondary, dates.reference).map { $0 - $1 })
      #expect(parameters.days.truncatingRemainder(dividingBy: 12) == 0)
      #expect((0...1).contains(parameters.coherence))
    }
  }

  @Test func holesOfTheDEMStayHolesAndNoMore() {
    let heights = RelativeHeights(demMeters: [1, .nan, 3, 8])
    #expect(heights.meters[1].isNaN)
    #expect([0, 2, 3].map { heights.meters[$0] } == [-3, -1, 4])
  }

  /// One look, one coherence: the deviation of the table.
  @Test func theNoiseHasThePublishedDeviation() throws {
    let composer = try SampleComposer(
      Self.settings {
        $0.size = 256
        $0.model.components = [.decorrelation]
        $0.model.decorrelation.looks = 1
        $0.model.decorrelation.initialCoherence = 0.8
        $0.model.decorrelation.finalCoherence = 0.8
        $0.model.coherence.source = .uniform
        $0.baselineDeviationMeters = 0
      }, seed: 1)
    let rate = [Float](repeating: 0, count: 256 * 256)
    let phases = try (0..<4).flatMap {
      try composer.sample($0, rateCMPerYear: rate).interferogram.wrappedRadians
    }
    #expect(abs(DecorrelationTests.deviation(phases) / 0.9174 - 1) < 0.015)
  }

  @Test func badInputIsAnError() throws {
    let composer = try SampleComposer(Self.settings(), seed: 1)
    let rate = try Self.rate(0)
    #expect(throws: InSARPhaseError.self) {
      try composer.sample(0, rateCMPerYear: Array(rate.dropLast()), heights: Self.heights)
    }
    #expect(throws: InSARPhaseError.self) {
      try composer.sample(
        0, rateCMPerYear: rate, heights: RelativeHeights(demMeters: [1, 2]))
    }
    #expect(throws: InSARPhaseError.self) { try composer.sample(0, rateCMPerYear: rate) }
    #expect(throws: InSARPhaseError.self) {
      try composer.sample(-1, rateCMPerYear: rate, heights: Self.heights)
    }
    for change: (inout SampleSettings) -> Void in [
      { $0.size = 0 }, { $0.pixelSizeMeters = 0 }, { $0.padding = 0.5 },
      { $0.maximumIntervals = 0 }, { $0.model.decorrelation.consistency = .perDate },
      { $0.model.stratification.law = .powerLaw }, { $0.baselineDeviationMeters = .nan },
    ] {
      #expect(throws: InSARPhaseError.self) { try SampleComposer(Self.settings(change), seed: 1) }
    }
  }
}
