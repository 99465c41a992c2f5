import Foundation
import InSARPhase

extension WrappedRateInversion {
  /// Rates that differ by this much leave the same wrapped phases, where two such rates lie within
  /// the search's limits; `nil` where none do.
  ///
  /// It follows from the greatest common divisor of the intervals' differences, in days; a common
  /// phase is open, so that the differences count.
  public var ambiguityCMPerYear: Double? {
    let days = network.pairs.map { network.exactDays($0) }
    guard let first = days.first, days.allSatisfy({ $0 == $0.rounded() }) else { return nil }
    var divisor = 0
    for interval in days {
      var (a, b) = (divisor, abs(Int(interval - first)))
      while b != 0 { (a, b) = (b, a % b) }
      divisor = a
    }
    guard divisor > 0 else { return nil }
    let period = 2 * .pi / abs(radiansPerCMPerYearDay * Double(divisor))
    return period < 2 * search.rateLimitCMPerYear ? period : nil
  }

  /// The temporal coherence that the search finds in phases of pure noise, the median of 128 pixels:
  /// few interferograms leave much room for a fit.
  ///
  /// The phases are 2 pi times the fractions of multiples of the golden ratio by squares, which are
  /// spread evenly and the same in every run.
  public func noiseCoherence() throws -> Float {
    let golden = (5.0.squareRoot() - 1) / 2
    let planes = network.pairs.indices.map { pair in
      (0..<128).map { pixel in
        let number = Double(pair * 128 + pixel + 1)
        let turns = golden * number * number
        return Float(2 * Double.pi * (turns - turns.rounded(.down) - 0.5))
      }
    }
    let estimate = try invert(wrappedRadians: planes)
    let found = estimate.temporalCoherence.filter { !$0.isNaN }.sorted()
    return found.isEmpty ? 0 : found[found.count / 2]
  }
}
