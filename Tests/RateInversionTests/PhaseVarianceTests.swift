import Foundation
import Testing

@testable import RateInversion

@Suite struct PhaseVarianceTests {
  /// Phase standard deviations in rad, integrated from the density of Tough et al. 1995.
  @Test(
    arguments: [
      (0.2, 1, 1.6363), (0.2, 5, 1.3727), (0.2, 16, 1.0322), (0.5, 1, 1.3361), (0.5, 5, 0.7373),
      (0.5, 16, 0.3432), (0.8, 1, 0.9174), (0.8, 5, 0.2838), (0.8, 16, 0.1384), (0.95, 1, 0.5198),
      (0.95, 5, 0.1173), (0.95, 16, 0.0601),
    ] as [(Double, Double, Double)])
  func itIsThePublishedOne(coherence: Double, looks: Double, deviation: Double) throws {
    let variance = try PhaseVariance(looks: looks).variance(coherence: coherence)
    #expect(abs(variance.squareRoot() / deviation - 1) < 0.002)
  }

  @Test(arguments: [(0.0, 1.0), (0.3, 1.5), (0.9, 5), (0.99, 20)])
  func theDensityIntegratesToOne(coherence: Double, looks: Double) {
    let steps = 20_000
    let sum = (0..<steps).reduce(0.0) {
      let phase = -Double.pi + 2 * .pi * (Double($1) + 0.5) / Double(steps)
      return $0 + PhaseVariance.density(phase: phase, coherence: coherence, looks: looks)
    }
    #expect(abs(sum * 2 * .pi / Double(steps) - 1) < 1e-4)
  }

  @Test func itFallsWithCoherenceAndStaysFinite() throws {
    let variance = try PhaseVariance(looks: 5)
    let values = stride(from: 0, through: 1, by: 0.01).map { variance.variance(coherence: $0) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(abs(values[0] - .pi * .pi / 3) < 0.01, "no coherence: uniform on the circle")
    #expect(values.last! > 0)
    // The limit for high coherence and many looks.
    let limit = (1 - 0.98 * 0.98) / (2 * 100 * 0.98 * 0.98)
    #expect(abs(try PhaseVariance(looks: 100).variance(coherence: 0.98) / limit - 1) < 0.03)
  }
}
