import Foundation
import TestSupport
import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct GoldsteinFilterTests {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      var alpha: Double
      var windowPixels: Int
      var windowSteps: Int
      var filtered: [Float?]
    }
    var rows: Int
    var columns: Int
    var phase: [Float?]
    var cases: [Case]
  }

  static func filter(_ alpha: Double, window: Int = 32, steps: Int = 4) -> GoldsteinFilter {
    var filter = GoldsteinFilter()
    filter.alpha = alpha
    filter.windowPixels = window
    filter.windowSteps = steps
    return filter
  }

  /// Of an angle on the circle.
  static func distance(_ a: Float, _ b: Float) -> Float { abs(wrapped(a - b)) }

  /// `scripts/fixtures/make_goldstein.py`, NumPy.
  @Test func itAgreesWithNumPy() throws {
    let fixture = try JSONDecoder().decode(
      Fixture.self, from: Data(contentsOf: URL(fileURLWithPath: fixturePath("goldstein.json"))))
    for item in fixture.cases {
      let found = try Self.filter(item.alpha, window: item.windowPixels, steps: item.windowSteps)
        .filtered(
          fixture.phase.map { $0 ?? .nan }, width: fixture.columns, height: fixture.rows)
      for (value, expected) in zip(found, item.filtered) {
        guard let expected else {
          #expect(value.isNaN)
          continue
        }
        #expect(Self.distance(value, expected) < 1e-4, "alpha \(item.alpha)")
      }
    }
  }

  /// Whole cycles a window: one frequency alone passes with its phase.
  @Test(arguments: [0.3, 1.0]) func aPureFringeIsUnchanged(alpha: Double) throws {
    let side = 96
    let phase = (0..<side * side).map { place -> Float in
      let cycles = Float(place % side * 4 + place / side * 2) / 32
      return wrapped(2 * Float.pi * cycles)
    }
    let found = try Self.filter(alpha).filtered(phase, width: side, height: side)
    // Beyond the edge there is no phase, so windows there hold other frequencies too.
    for row in 32..<64 {
      for column in 32..<64 {
        let place = row * side + column
        #expect(Self.distance(found[place], phase[place]) < 1e-4)
      }
    }
  }

  @Test func noiseIsReducedAndMoreByLargerExponents() throws {
    let side = 64
    let coherence = [Float](repeating: 0.6, count: side * side)
    var settings = Decorrelation()
    settings.looks = 4
    let noise = settings.noiseRadians(coherence: coherence, CounterRandom(8, .testInput))
    let truth = (0..<side * side).map { Float($0 % side) * 0.2 }
    let phase = wrapped(zip(truth, noise).map { $0 + $1 })
    func error(_ found: [Float]) -> Double {
      DecorrelationTests.deviation(zip(found, truth).map { wrapped($0 - $1) })
    }
    let (raw, weak, strong) = (
      error(phase), error(try Self.filter(0.4).filtered(phase, width: side, height: side)),
      error(try Self.filter(1).filtered(phase, width: side, height: side))
    )
    #expect(weak < 0.75 * raw && strong < 0.5 * raw, "\(raw), \(weak), \(strong)")
  }

  @Test func itStandsBesideTheUnfilteredPhase() throws {
    let plain = try InterferogramStackTests.stack()
    let filtered = try InterferogramStackTests.stack { $0.goldstein.alpha = 0.7 }
    let (a, b) = (try plain.interferogram(0), try filtered.interferogram(0))
    #expect(a.filteredRadians == nil)
    #expect(
      a.wrappedRadians.map(\.bitPattern) == b.wrappedRadians.map(\.bitPattern))
    let phase = try #require(b.filteredRadians)
    #expect(phase[5].isNaN && phase.count { $0.isNaN } == 1)
    #expect(phase.allSatisfy { $0.isNaN || ($0 >= -.pi && $0 < .pi) })
  }

  @Test func faultySettingsAreErrors() {
    for filter in [
      Self.filter(-1), Self.filter(3), Self.filter(.nan), Self.filter(1, window: 30),
      Self.filter(1, steps: 3),
    ] {
      var model = PhaseModel()
      model.goldstein = filter
      #expect(throws: InSARPhaseError.self) { try model.validate() }
    }
  }
}
