import Foundation

/// Variance of the phase of L looks with coherence gamma, for weights.
///
/// With beta = gamma cos(phi) the density of the phase is
/// (1 - gamma^2)^L / (2 pi) * 2F1(L, 1; 1/2; beta^2)
/// + Gamma(L + 1/2) (1 - gamma^2)^L beta / (2 sqrt(pi) Gamma(L) (1 - beta^2)^(L + 1/2)),
/// written here with Euler's transformation, 2F1(L, 1; 1/2; x) =
/// (1 - x)^(-L - 1/2) 2F1(1/2 - L, -1/2; 1/2; x), whose series converges up to x = 1.
/// Source: Tough, Blacknell and Quegan, Proc. R. Soc. A 1995; Hanssen, Radar Interferometry, 2001,
/// equation 4.2.23.
public struct PhaseVariance: Sendable {
  /// Coherence above which the variance is constant, so that no weight is infinite.
  public static let highestCoherence = 0.999

  public let looks: Double
  /// Variances at coherences 0, 1/(n - 1), ... of `highestCoherence`.
  private let table: [Double]

  /// - Throws: `InversionError.settings` for fewer looks than 1 or more than 10000.
  public init(looks: Double) throws {
    guard (1...10_000).contains(looks) else {
      throw InversionError.settings(faults: ["looks is \(looks); give a number in 1...10000"])
    }
    self.looks = looks
    table = (0..<400).map { node in
      Self.integrate(coherence: Self.highestCoherence * Double(node) / 399, looks: looks)
    }
  }

  /// In rad^2, for a coherence in [0, 1].
  public func variance(coherence: Double) -> Double {
    let place = min(max(coherence / Self.highestCoherence, 0), 1) * Double(table.count - 1)
    let low = min(Int(place), table.count - 2)
    // The logarithm is more nearly linear than the variance itself.
    let (a, b) = (log(table[low]), log(table[low + 1]))
    return exp(a + (b - a) * (place - Double(low)))
  }

  /// Integrates phi^2 p(phi) over half a cycle, on a grid that is fine around 0.
  private static func integrate(coherence: Double, looks: Double) -> Double {
    let steps = 600
    var norm = 0.0
    var second = 0.0
    for step in 0..<steps {
      let u = (Double(step) + 0.5) / Double(steps)
      let phase = Double.pi * u * u * u
      let density = density(phase: phase, coherence: coherence, looks: looks) * u * u
      norm += density
      second += density * phase * phase
    }
    return second / norm
  }

  /// The probability density of a phase in rad; its integral over a cycle is 1.
  static func density(phase: Double, coherence: Double, looks: Double) -> Double {
    let beta = coherence * cos(phase)
    let square = beta * beta
    let gammas = exp(lgamma(looks + 0.5) - lgamma(looks))
    let series = series(square: square, looks: looks, gammas: gammas)
    let shape = exp(
      looks * log1p(-coherence * coherence) - (looks + 0.5) * log1p(-square))
    return shape / (2 * .pi) * (series + Double.pi.squareRoot() * gammas * beta)
  }

  /// 2F1(1/2 - L, -1/2; 1/2; x). Its terms alternate and grow to exp(L x), so that for many looks
  /// no digits remain. In that case the value is sqrt(pi x) Gamma(L + 1/2) / Gamma(L) to 1e-8,
  /// since the density half a cycle away is practically 0.
  private static func series(square: Double, looks: Double, gammas: Double) -> Double {
    guard looks * square < 20 else { return (Double.pi * square).squareRoot() * gammas }
    var term = 1.0
    var series = 1.0
    for n in 0..<2000 {
      let k = Double(n)
      term *= (0.5 - looks + k) * (k - 0.5) / ((0.5 + k) * (k + 1)) * square
      series += term
      if abs(term) < 1e-12 * abs(series) { break }
    }
    return series
  }
}
