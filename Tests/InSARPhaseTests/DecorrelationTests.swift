import Foundation
import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct DecorrelationTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var coherence: Double
    var looks: Double
    var deviation: Double
    var testDescription: String { "gamma \(coherence), L \(looks)" }
  }
  /// Phase standard deviations in rad, integrated from the density of Tough et al. 1995.
  static let table = [
    Row(coherence: 0.2, looks: 1, deviation: 1.6363),
    Row(coherence: 0.2, looks: 5, deviation: 1.3727),
    Row(coherence: 0.2, looks: 16, deviation: 1.0322),
    Row(coherence: 0.5, looks: 1, deviation: 1.3361),
    Row(coherence: 0.5, looks: 5, deviation: 0.7373),
    Row(coherence: 0.5, looks: 16, deviation: 0.3432),
    Row(coherence: 0.8, looks: 1, deviation: 0.9174),
    Row(coherence: 0.8, looks: 5, deviation: 0.2838),
    Row(coherence: 0.8, looks: 16, deviation: 0.1384),
    Row(coherence: 0.95, looks: 1, deviation: 0.5198),
    Row(coherence: 0.95, looks: 5, deviation: 0.1173),
    Row(coherence: 0.95, looks: 16, deviation: 0.0601),
  ]

  static func deviation(_ values: [Float]) -> Double {
    (values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
  }

  @Test(arguments: table) func thePhaseHasThePublishedDeviation(row: Row) throws {
    var settings = Decorrelation()
    settings.looks = row.looks
    let noise = settings.noiseRadians(
      coherence: [Float](repeating: Float(row.coherence), count: 300_000),
      CounterRandom(21, .testInput))
    #expect(abs(Self.deviation(noise) / row.deviation - 1) < 0.015)
    #expect(noise.allSatisfy { abs($0) <= .pi })
    let mean = noise.reduce(0.0) { $0 + Double($1) } / Double(noise.count)
    #expect(abs(mean) < 5 * row.deviation / Double(noise.count).squareRoot())
  }

  /// The short cut of two uniform numbers gives what pixels of two images give.
  @Test(arguments: [(0.6, 3), (0.3, 1)]) func itAgreesWithMultilookedPixels(
    coherence: Double, looks: Int
  ) throws {
    var random = CounterRandom(5, .testInput)
    let count = 60_000
    let spread = (1 - coherence * coherence).squareRoot()
    let direct = (0..<count).map { _ in
      var (re, im) = (0.0, 0.0)
      for _ in 0..<looks {
        let (a, b) = (random.normal(), random.normal())
        let (c, d) = (
          coherence * a + spread * random.normal(), coherence * b + spread * random.normal()
        )
        re += a * c + b * d
        im += a * d - b * c
      }
      return Float(atan2(im, re))
    }.sorted()
    var settings = Decorrelation()
    settings.looks = Double(looks)
    let short = settings.noiseRadians(
      coherence: [Float](repeating: Float(coherence), count: count), CounterRandom(22, .testInput)
    ).sorted()
    // Kolmogorov and Smirnov's distance of two samples.
    var (i, j, distance) = (0, 0, 0.0)
    while i < count, j < count {
      if direct[i] <= short[j] { i += 1 } else { j += 1 }
      distance = max(distance, abs(Double(i - j)) / Double(count))
    }
    #expect(distance < 1.95 * (2 / Double(count)).squareRoot())
  }

  @Test func theEndsAreNoNoiseAndPureNoise() throws {
    let noise = Decorrelation().noiseRadians(
      coherence: [Float](repeating: 1, count: 1000), CounterRandom(1, .testInput))
    #expect(noise.allSatisfy { $0 == 0 })
    let pure = Decorrelation().noiseRadians(
      coherence: [Float](repeating: 0, count: 100_000), CounterRandom(1, .testInput))
    #expect(abs(Self.deviation(pure) - .pi / 3.0.squareRoot()) < 0.02)
  }

  @Test func coherenceFallsWithTimeAndBaseline() {
    var settings = Decorrelation()
    settings.initialCoherence = 0.9
    settings.finalCoherence = 0.3
    settings.decayDays = 50
    func gamma(_ days: Double, _ baseline: Double) -> Double {
      settings.coherence(
        days: days, perpendicularBaselineMeters: baseline, criticalBaselineMeters: 1000)
    }
    #expect(abs(gamma(0, 0) - 0.9) < 1e-12)
    #expect(abs(gamma(50, 0) - (0.6 / M_E + 0.3)) < 1e-12)
    #expect(abs(gamma(1e6, 0) - 0.3) < 1e-12)
    #expect(abs(gamma(50, -250) - 0.75 * gamma(50, 0)) < 1e-12)
    #expect(gamma(12, 1000) == 0)
    #expect(gamma(12, 5000) == 0)
  }

  @Test(
    arguments: [
      { (d: inout Decorrelation) in d.looks = -1 }, { $0.looks = 0 }, { $0.looks = .nan },
      { $0.initialCoherence = 1.1 }, { $0.finalCoherence = -0.1 }, { $0.decayDays = 0 },
      { $0.finalCoherence = 0.95 },
    ] as [@Sendable (inout Decorrelation) -> Void])
  func faultySettingsAreErrors(change: @Sendable (inout Decorrelation) -> Void) {
    var model = PhaseModel()
    change(&model.decorrelation)
    #expect(throws: InSARPhaseError.self) { try model.validate() }
  }
}
