import Foundation
import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct CoherenceMapTests {
  static let side = 128

  static func map(
    _ seed: UInt64 = 1, width: Int = side, height: Int = side, heights: [Float]? = nil,
    pixel: Double = 30, _ change: (inout CoherenceScene) -> Void = { _ in }
  ) throws -> CoherenceMap {
    var settings = CoherenceScene()
    change(&settings)
    return try CoherenceMap(
      settings, ground: Decorrelation(),
      fields: CoherenceMap.Fields(
        settings, width: width, height: height, pixelSizeMeters: pixel),
      width: width, height: height, pixelSizeMeters: pixel, radar: RadarGeometry(.sentinel1),
      heightMeters: heights, key: { CounterRandom(seed, .testInput, $0) })
  }

  /// Sharp bodies without texture: every value is that of one cover, in the asked fractions.
  @Test(arguments: [(128, 128), (64, 64), (97, 41)])
  func theHistogramIsTheConfigurations(width: Int, height: Int) throws {
    for (vegetation, urban, water) in [(0.4, 0.1, 0.05), (0.7, 0.3, 0), (0, 0, 0), (0.2, 0, 0.8)] {
      let map = try Self.map(3, width: width, height: height) {
        $0.textureDeviation = 0
        ($0.vegetation.fraction, $0.urban.fraction, $0.water.fraction) = (vegetation, urban, water)
        $0.vegetation.edgeMeters = 0
        $0.urban.edgeMeters = 0
        $0.water.edgeMeters = 0
      }
      let values = map.coherence(days: 12, perpendicularBaselineMeters: 0, day: 199)
      #expect(values.count == width * height)
      #expect(values.allSatisfy { (0...1).contains($0) })
      let found = map.fractions
      #expect(abs(found.vegetation - vegetation) < 0.03, "\(found)")
      #expect(abs(found.urban - urban) < 0.03, "\(found)")
      #expect(abs(found.water - water) < 0.03, "\(found)")
      // Growth is at its peak: vegetation decays 1.5 times as fast.
      let scene = CoherenceScene()
      let cover = scene.vegetation
      let expected =
        (cover.initialCoherence - cover.finalCoherence) * exp(-12 * 1.5 / cover.decayDays)
        + cover.finalCoherence
      func share(_ value: Double) -> Double {
        Double(values.count { abs(Double($0) - value) < 0.01 }) / Double(values.count)
      }
      // Half of a border's pixels lie between two covers.
      #expect(share(expected) <= vegetation + 0.03 && share(expected) >= 0.6 * vegetation)
      #expect(share(0) <= water + 0.03 && share(0) >= 0.6 * water - 0.01)
    }
  }

  @Test func vegetationLosesCoherenceFasterAndMoreSoInItsSeason() throws {
    func mean(_ days: Double, _ day: Double, _ cover: WritableKeyPath<CoherenceScene, GroundCover>)
      throws -> Double
    {
      let values = try Self.map {
        $0.vegetation.fraction = 0
        $0.urban.fraction = 0
        $0.water.fraction = 0
        $0[keyPath: cover].fraction = 1
        $0.textureDeviation = 0
      }.coherence(days: days, perpendicularBaselineMeters: 0, day: day)
      return values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    }
    let (summer, winter) = (199.0, 199 + 365.25 / 2)
    #expect(abs(try mean(0, summer, \.vegetation) - 0.65) < 1e-3)
    #expect(try mean(12, summer, \.vegetation) < mean(12, winter, \.vegetation) - 0.1)
    #expect(try mean(12, winter, \.vegetation) < mean(12, winter, \.urban) - 0.2)
    #expect(try mean(1e5, summer, \.urban) > 0.59)
    #expect(try mean(0, summer, \.water) == 0)
  }

  @Test func slopesTowardTheSatelliteLoseTheirBaselineAndLayoverIsNoise() throws {
    // Sentinel-1, ascending, looks east-north-east: ground that rises to the east by more than the
    // incidence angle lies over itself; ground that falls by more than 90 degrees minus it is dark.
    let radar = RadarGeometry(.sentinel1)
    func value(degrees: Double, baseline: Double) throws -> Float {
      let azimuth = (radar.headingDegrees + 90) * .pi / 180
      let heights = (0..<32 * 32).map { place -> Float in
        let (east, south) = (Double(place % 32) * 30, Double(place / 32) * 30)
        let away = east * sin(azimuth) - south * cos(azimuth)
        return Float(away * tan(degrees * .pi / 180))
      }
      let values = try Self.map(width: 32, height: 32, heights: heights) {
        $0.vegetation.fraction = 0
        $0.urban.fraction = 0
        $0.water.fraction = 0
        $0.textureDeviation = 0
      }.coherence(days: 0, perpendicularBaselineMeters: baseline, day: 0)
      return values[16 * 32 + 16]
    }
    let theta = radar.incidenceDegrees
    #expect(try value(degrees: theta + 2, baseline: 0) == 0)
    #expect(try value(degrees: theta - 90 - 2, baseline: 0) == 0)
    #expect(abs(try value(degrees: theta - 5, baseline: 0) - 0.9) < 1e-3)
    for degrees in [-30.0, 0, 10, 25] {
      let critical =
        radar.criticalBaselineMeters * tan((theta - degrees) * .pi / 180)
        / tan(theta * .pi / 180)
      let expected = 0.9 * (1 - 300 / critical)
      #expect(abs(Double(try value(degrees: degrees, baseline: 300)) - expected) < 2e-3)
    }
  }

  @Test func waterLiesLowAndHolesOfTheDEMDoNoHarm() throws {
    var heights = (0..<Self.side * Self.side).map { Float($0 % Self.side) * 2 }
    heights[40] = .nan
    let map = try Self.map(heights: heights) {
      $0.water.fraction = 0.2
      $0.textureDeviation = 0
    }
    let values = map.coherence(days: 12, perpendicularBaselineMeters: 0, day: 0)
    #expect(values.allSatisfy { $0.isFinite })
    let columns = values.indices.filter { values[$0] == 0 }.map { Double($0 % Self.side) }
    #expect(columns.reduce(0, +) / Double(columns.count) < 0.35 * Double(Self.side))
    // A plain beside steep mountains: the lake in the plain is whole.
    let basin = (0..<Self.side * Self.side).map { Float(max($0 % Self.side - 40, 0)) * 20 }
    let lake = try Self.map(heights: basin) {
      $0.water.fraction = 0.2
      $0.textureDeviation = 0
      $0.usesSlopes = false
    }.coherence(days: 12, perpendicularBaselineMeters: 0, day: 0)
    let share = Double(lake.count { $0 == 0 }) / Double(lake.count)
    #expect(share > 0.15 && share < 0.22, "\(share)")
  }

  /// The noise of a pixel has its coherence: sample coherence of complex looks, from the definition.
  @Test func theEstimatedCoherenceIsTheOneAskedFor() throws {
    let stack = try InterferogramStackTests.stack([.deformation, .decorrelation]) {
      $0.decorrelation.looks = 1
    }
    let interferogram = try stack.interferogram(0)
    let noise = try #require(interferogram.componentsRadians[.decorrelation])
    // E[exp(i phi)] of one look is gamma (pi/4) 2F1(1/2, 1/2; 2; gamma^2).
    func resultant(_ gamma: Double) -> Double {
      var (sum, term) = (0.0, 1.0)
      for n in 0..<400 {
        sum += term
        let k = Double(n)
        term *= (k + 0.5) * (k + 0.5) / ((k + 2) * (k + 1)) * gamma * gamma
      }
      return gamma * .pi / 4 * sum
    }
    for (low, high) in [(0.0, 0.01), (0.3, 0.5), (0.5, 0.65), (0.65, 0.8)] {
      var sums = (cosine: 0.0, expected: 0.0, count: 0.0)
      for seed in 0..<20 as Range<UInt64> {
        let stack = try InterferogramStackTests.stack([.decorrelation], seed: seed) {
          $0.decorrelation.looks = 1
          $0.coherence.water.fraction = 0.2
        }
        let found = try stack.interferogram(0)
        let noise = try #require(found.componentsRadians[.decorrelation])
        for (gamma, phase) in zip(found.coherence, noise)
        where Double(gamma) >= low && Double(gamma) < high && !phase.isNaN {
          sums.cosine += cos(Double(phase))
          sums.expected += resultant(Double(gamma))
          sums.count += 1
        }
      }
      try #require(sums.count > 500, "\(low)...\(high)")
      let tolerance = 3 / sums.count.squareRoot()
      #expect(abs(sums.cosine - sums.expected) / sums.count < tolerance, "\(low)...\(high)")
    }
    #expect(noise.count == interferogram.coherence.count)
  }

  @Test func aSceneIsTheSameForAllPairsAndOtherSeedsDiffer() throws {
    let stack = try InterferogramStackTests.stack()
    let (a, b) = (try stack.interferogram(0).coherence, try stack.interferogram(1).coherence)
    let zero = try InterferogramStackTests.stack(seed: 2).interferogram(0).coherence
    #expect(a != zero)
    // Water is where it was.
    for (first, second) in zip(a, b) { #expect((first == 0) == (second == 0)) }
    #expect(Set(a).count > 100)
  }

  @Test func aSampleTakesThePreparedCoverOfItsMap() throws {
    let composer = try SampleComposer(SampleComposerTests.settings(), seed: 4)
    let heights = SampleComposerTests.heights
    let rate = try SampleComposerTests.rate(0)
    let cover = try #require(try composer.groundCover(7, heights: heights))
    let given = try composer.sample(2, rateCMPerYear: rate, heights: heights, cover: cover)
    let own = try composer.sample(2, rateCMPerYear: rate, heights: heights)
    let seventh = try composer.sample(7, rateCMPerYear: rate, heights: heights)
    #expect(given.interferogram.coherence != own.interferogram.coherence)
    let parameters = given.parameters
    #expect(
      given.interferogram.coherence
        == cover.coherence(
          days: parameters.days,
          perpendicularBaselineMeters: parameters.perpendicularBaselineMeters,
          day: parameters.dayOfYear + parameters.days / 2))
    #expect(
      seventh.interferogram.coherence
        == cover.coherence(
          days: seventh.parameters.days,
          perpendicularBaselineMeters: seventh.parameters.perpendicularBaselineMeters,
          day: seventh.parameters.dayOfYear + seventh.parameters.days / 2))
  }

  @Test func thresholdsAreRanks() {
    var random = CounterRandom(3, .testInput)
    let values = (0..<5000).map { _ in Float(random.normal()) }
    for exceeding in [1, 50, 2500, 4999] {
      let threshold = Selection.threshold(values, exceeding: exceeding)
      let found = values.count { $0 > threshold }
      #expect(abs(found - exceeding) <= 30, "\(exceeding): \(found)")
    }
    #expect(values.allSatisfy { $0 < Selection.threshold(values, exceeding: 0) })
    #expect(values.allSatisfy { $0 > Selection.threshold(values, exceeding: 5000) })
    #expect(Selection.threshold([2, 2, 2], exceeding: 1) == 2)
    // A value far away does not make the others alike.
    let skewed = values + [1e6]
    #expect(abs(skewed.count { $0 > Selection.threshold(skewed, exceeding: 500) } - 500) <= 10)
  }

  @Test(
    arguments: [
      { (s: inout CoherenceScene) in s.water.fraction = -0.1 }, { $0.water.fraction = .nan },
      { $0.vegetation.fraction = 0.95 }, { $0.urban.decayDays = 0 },
      { $0.vegetation.finalCoherence = 0.9 }, { $0.vegetation.bodyMeters = 0 },
      { $0.textureDeviation = 2 }, { $0.growthPeakDayOfYear = 400 },
      { $0.urban.seasonalFraction = 1.5 }, { $0.water.edgeMeters = -1 },
    ] as [@Sendable (inout CoherenceScene) -> Void])
  func faultySettingsAreErrors(change: @Sendable (inout CoherenceScene) -> Void) {
    var model = PhaseModel()
    change(&model.coherence)
    #expect(throws: InSARPhaseError.self) { try model.validate() }
  }
}
