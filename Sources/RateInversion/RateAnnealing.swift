import Foundation
import Kernel

/// Finds the rate and the height error of a pixel by simulated annealing: a random walk that takes
/// every better solution, and worse ones the more rarely the longer it lasts.
///
/// The energy is 1 - temporal coherence. New solutions lie around the present one, at distances that an
/// exponential function of a uniform number gives: mostly near, at times across the whole range.
/// Source: the algorithm of Duan, Zhang and Wang, Sensors 19(1), 115, 2019, with the generating function
/// and the cooling of Ingber, Mathematical and Computer Modelling 12(8), 1989 (equations 9 to 12), and the
/// acceptance of Metropolis: their own functions are described as of this kind.
struct RateAnnealing: Sendable {
  /// Temperatures at the beginning and at the end, as fractions of the range of an unknown.
  private static let (firstTemperature, lastTemperature) = (1.0, 1e-6)
  /// The energy at which worse solutions are accepted, at the beginning.
  private static let firstEnergy = 0.2

  private let search: RateSearch
  private let withDEMError: Bool

  init(_ search: RateSearch, withDEMError: Bool) {
    self.search = search
    self.withDEMError = withDEMError
  }

  /// The best solution that the walk has met. It depends on the pixel's phases, weights and the seed only.
  func best(_ pixel: PixelPhases, _ design: DesignMatrix) -> Candidate {
    // FNV-1a over the weighted phasors, so that a pixel draws the same numbers in any block of rows.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for number in pixel.real + pixel.imaginary {
      hash = (hash ^ UInt64(number.bitPattern)) &* 0x0000_0100_0000_01b3
    }
    var random = CounterRandom(search.seed, .rateAnnealing, hash)
    var present = Candidate(rate: 0, demError: 0)
    var coherence = pixel.fit(present, design).coherence
    var (best, highest) = (present, coherence)
    let unknowns = withDEMError ? 2.0 : 1.0
    // So that the last temperature is reached at the last step.
    let rate =
      log(Self.firstTemperature / Self.lastTemperature)
      / pow(Double(search.annealingSteps), 1 / unknowns)
    for step in 0..<search.annealingSteps {
      let temperature = Self.firstTemperature * exp(-rate * pow(Double(step), 1 / unknowns))
      let next = Candidate(
        rate: moved(present.rate, search.rateLimitCMPerYear, temperature, &random),
        demError: withDEMError
          ? moved(present.demError, search.heightErrorLimitMeters, temperature, &random) : 0)
      let new = pixel.fit(next, design).coherence
      let isAccepted =
        new > coherence
        || random.uniform() < exp((new - coherence) / (Self.firstEnergy * temperature))
      if isAccepted { (present, coherence) = (next, new) }
      if new > highest { (best, highest) = (next, new) }
    }
    return best
  }

  /// A value within plus and minus `limit`.
  private func moved(
    _ value: Double, _ limit: Double, _ temperature: Double, _ random: inout CounterRandom
  ) -> Double {
    while true {
      let uniform = random.uniform()
      let distance = temperature * (pow(1 + 1 / temperature, abs(2 * uniform - 1)) - 1)
      let next = value + (uniform < 0.5 ? -distance : distance) * 2 * limit
      if abs(next) <= limit { return next }
    }
  }
}
