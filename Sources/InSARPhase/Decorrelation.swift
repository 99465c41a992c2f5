import Foundation
import Kernel

/// Phase noise of pixels whose scatterers change between two dates.
///
/// Coherence of a pair: gamma = (1 - |Bperp| / Bc) ((gamma0 - gammaInf) exp(-t / tau) + gammaInf),
/// times a map in [0, 1] if one is given. The noise is the phase of the average over L products of
/// correlated circular complex Gaussian pixels.
///
/// Drawing L pairs of pixels is not needed: the phase of the average is the angle of gamma + sqrt(1
/// - gamma^2) r exp(i theta), r^2 = u^(-1/L) - 1, with u uniform in (0, 1) and theta uniform in [0,
/// 2 pi), which is exact for any number of looks of at least 1 (derived in CPhaseLoops/noise.c).
///
/// With `consistency` `perDate`, each date has its own phase noise, that of an interferogram with a
/// noise-free image at coherence sqrt(gamma0 map), and a pair has the difference: phases close
/// around triangles, and neither time nor baseline matters. The coherence of a pair is then gamma0
/// map.
/// Source: Zebker and Villasenor, IEEE TGRS 1992 (baseline); Rocca, IEEE TGRS 2007 (exponential
/// decay); Goodman, "Statistical analysis based on a certain multivariate complex Gaussian
/// distribution", 1963; Tough, Blacknell and Quegan, Proc. R. Soc. A 1995 (phase distribution).
public struct Decorrelation: Sendable, Equatable, Codable {
  public enum Consistency: String, Sendable, Codable, CaseIterable {
    case perPair = "per_pair"
    case perDate = "per_date"
  }

  /// Number of independent looks that are averaged; at least 1, may be fractional.
  public var looks = 5.0
  /// Coherence at an interval of 0 days.
  public var initialCoherence = 0.9
  /// Coherence at very long intervals.
  public var finalCoherence = 0.2
  /// Days after which the difference of the two has decreased to 1/e.
  public var decayDays = 60.0
  public var consistency = Consistency.perPair

  public init() {}

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.inside("\(name).looks", looks, 1...10_000)
    check.decay(name, initial: initialCoherence, final: finalCoherence, days: decayDays)
  }

  /// Coherence in [0, 1] of a pair of dates; 0 at and beyond the critical baseline.
  public func coherence(
    days: Double, perpendicularBaselineMeters: Double, criticalBaselineMeters: Double
  ) -> Double {
    guard consistency == .perPair else { return initialCoherence }
    let geometric = max(0, 1 - abs(perpendicularBaselineMeters) / criticalBaselineMeters)
    return geometric * coherence(days: days)
  }

  /// Coherence in [0, 1] after an interval.
  func coherence(days: Double) -> Double {
    (initialCoherence - finalCoherence) * exp(-abs(days) / decayDays) + finalCoherence
  }

  /// Phase noise in rad, in [-pi, pi], for each coherence in [0, 1]; a function of the key.
  func noiseRadians(coherence: [Float], _ key: CounterRandom) -> [Float] {
    var noise = coherence
    noise.withUnsafeMutableBufferPointer { replaceByNoise($0, key) }
    return noise
  }

  /// Replaces each coherence by its noise.
  func replaceByNoise(_ coherence: UnsafeMutableBufferPointer<Float>, _ key: CounterRandom) {
    var random = VectorRandom(key)
    random.replaceByPhaseNoise(coherence, looks: looks)
  }
}
