import Foundation
import RunSupport
import Testing
import TorchCore

@testable import InSARPhase

@Suite struct SampleComposerTests {
  static func settings(_ change: (inout SampleSettings) -> Void = { _ in }) -> SampleSettings {
    var settings = SampleSettings()
    settings.size = 48
    settings.model.components = PhaseComponent.allCases
    change(&settings)
    return settings
  }

  static func rates(_ count: Int, first: Int = 0) throws -> Tensor {
    try PointSourceRates().maps(
      count: count, size: 48, pixelSizeMeters: 90, radar: RadarGeometry(.sentinel1), seed: 2,
      firstIndex: first)
  }

  static func dem() throws -> Tensor {
    try Tensor((0..<48 * 48).map { Float($0 % 48) * 30 }, shape: [1, 1, 48, 48])
  }

  @Test func componentsAddUpAndWrapExactly() throws {
    let composer = try SampleComposer(Self.settings(), seed: 4)
    let batch = try composer.compose(rateCMPerYear: Self.rates(5), demMeters: Self.dem())
    #expect(batch.unwrapped.shape == [5, 1, 48, 48])
    #expect(batch.coherence.shape == [5, 1, 48, 48])
    var sum = [Float](repeating: 0, count: 5 * 48 * 48)
    for component in PhaseComponent.allCases {
      let plane = try #require(batch.components[component])
      #expect(plane.shape == [5, 1, 48, 48], "\(component)")
      for (pixel, value) in try plane.floats().enumerated() { sum[pixel] += value }
    }
    #expect(try sum == batch.unwrapped.floats())
    #expect(try wrapped(sum).map(\.bitPattern) == batch.wrapped.floats().map(\.bitPattern))
  }

  @Test func tensorsWrapBitForBitAsNumbersDo() throws {
    var random = CounterRandom(6, .testInput)
    var phases = (0..<20_000).map { _ in Float(random.uniform(-3000...3000)) }
    phases += [.pi, -.pi, Float.pi.nextUp, (-Float.pi).nextDown, 3 * .pi, 0, .nan, .infinity]
    let tensor = try Tensor(phases, shape: [phases.count])
    let results = try [
      wrapped(phases), tensor.wrappedPhase().floats(), tensor.wrappedByOperations().floats(),
    ]
    for result in results {
      for (phase, value) in zip(phases, result) {
        let expected = wrapped(phase)
        #expect(value == expected || (value.isNaN && expected.isNaN), "\(phase)")
      }
    }
  }

  @Test func aSampleDoesNotDependOnItsBatch() throws {
    let composer = try SampleComposer(Self.settings(), seed: 4)
    let four = try composer.compose(
      rateCMPerYear: Self.rates(4, first: 3), demMeters: Self.dem(), firstIndex: 3)
    let two = try SampleComposer(Self.settings(), seed: 4).compose(
      rateCMPerYear: Self.rates(2, first: 5), demMeters: Self.dem(), firstIndex: 5)
    #expect(four.parameters.suffix(2) == two.parameters)
    let tail = try four.wrapped.floats().suffix(2 * 48 * 48)
    #expect(Array(tail) == (try two.wrapped.floats()))
    let other = try SampleComposer(Self.settings(), seed: 5).compose(
      rateCMPerYear: Self.rates(2, first: 5), demMeters: Self.dem(), firstIndex: 5)
    #expect(try other.wrapped.floats() != two.wrapped.floats())
  }

  @Test func componentsFollowTheirParameters() throws {
    let composer = try SampleComposer(
      Self.settings { $0.model.orbitalRamp.shape = .quadratic }, seed: 4)
    let rates = try Self.rates(3)
    let batch = try composer.compose(rateCMPerYear: rates, demMeters: Self.dem())
    let deformation = try #require(batch.components[.deformation]).floats()
    let topography = try #require(batch.components[.topographicError]).floats()
    let ramps = try #require(batch.components[.orbitalRamp]).floats()
    let heights = try #require(batch.heightErrorMeters).floats()
    let radar = RadarGeometry(.sentinel1)
    let maps = try rates.floats()
    for (sample, parameters) in batch.parameters.enumerated() {
      let range = sample * 48 * 48..<(sample + 1) * 48 * 48
      let expected = DeformationPhase(radar)
        .radians(rateCMPerYear: Array(maps[range]), days: parameters.days)
      for (a, b) in zip(deformation[range], expected) { #expect(abs(a - b) < 1e-4) }
      let height = TopographicError(radar).radians(
        heightErrorMeters: Array(heights[range]),
        perpendicularBaselineMeters: parameters.perpendicularBaselineMeters)
      for (a, b) in zip(topography[range], height) { #expect(abs(a - b) < 1e-4) }
      let surface = OrbitalRamp.radians(parameters.rampRadians, width: 48, height: 48)
      for (a, b) in zip(ramps[range], surface) { #expect(abs(a - b) < 1e-5) }
      #expect(parameters.days.truncatingRemainder(dividingBy: 12) == 0)
      #expect((0...1).contains(parameters.coherence))
    }
    let both = try #require(batch.turbulenceOfDates)
    let difference = try (both.secondary - both.reference).floats()
    #expect(try difference == #require(batch.components[.turbulence]).floats())
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
        $0.baselineDeviationMeters = 0
      }, seed: 1)
    let batch = try composer.compose(rateCMPerYear: Tensor.zeros([4, 1, 256, 256]))
    let deviation = DecorrelationTests.deviation(try batch.wrapped.floats())
    #expect(abs(deviation / 0.9174 - 1) < 0.015)
  }

  @Test func badInputIsAnError() throws {
    let composer = try SampleComposer(Self.settings(), seed: 1)
    #expect(throws: TorchError.self) {
      try composer.compose(rateCMPerYear: Tensor.zeros([2, 48, 48]))
    }
    #expect(throws: InSARPhaseError.self) { try composer.compose(rateCMPerYear: Self.rates(1)) }
    #expect(throws: InSARPhaseError.self) {
      try composer.compose(rateCMPerYear: Self.rates(1), demMeters: Self.dem(), firstIndex: -1)
    }
    for change: (inout SampleSettings) -> Void in [
      { $0.size = 0 }, { $0.pixelSizeMeters = 0 }, { $0.padding = 0.5 },
      { $0.maximumIntervals = 0 }, { $0.model.decorrelation.consistency = .perDate },
      { $0.model.stratification.law = .powerLaw }, { $0.baselineDeviationMeters = .nan },
    ] {
      #expect(throws: InSARPhaseError.self) { try SampleComposer(Self.settings(change), seed: 1) }
    }
  }

  @Test func sourcesPeakAboveThemselves() throws {
    var source = PointSourceRates()
    source.peakLimitCMPerYear = 10
    let radar = try RadarGeometry(
      wavelengthMeters: 0.05, incidenceDegrees: 1e-6, slantRangeMeters: 8e5, headingDegrees: 0,
      rangeBandwidthHertz: 5e7)
    let maps = try source.maps(
      count: 8, size: 64, pixelSizeMeters: 50, radar: radar, seed: 3)
    #expect(maps.shape == [8, 1, 64, 64])
    // Seen from above the largest rate is the one drawn, where the source lies on the grid.
    let values = try maps.floats()
    for sample in 0..<8 {
      let map = values[sample * 4096..<(sample + 1) * 4096]
      let largest = map.map { abs($0) }.max() ?? 0
      #expect(largest > 0 && largest <= 10.0001)
      #expect(map.allSatisfy { $0 >= 0 } || map.allSatisfy { $0 <= 0 })
    }
    source.deepestMeters = 1
    #expect(throws: InSARPhaseError.self) {
      try source.maps(count: 1, size: 8, pixelSizeMeters: 50, radar: radar, seed: 3)
    }
  }

  @Test func theBenchmarkCountsWhatItMade() throws {
    let result = try ComposeBenchmark(
      settings: Self.settings { $0.size = 32 }, threads: 2, batch: 2, batches: 2, repetitions: 1)
    #expect(result.samplesPerRepetition == 8)
    #expect(result.samplesPerSecond > 0 && result.cpuSeconds > 0 && result.peakMemoryMib > 1)
    #expect(throws: InSARPhaseError.self) {
      try ComposeBenchmark(
        settings: Self.settings(), threads: 0, batch: 1, batches: 1, repetitions: 1)
    }
  }
}
