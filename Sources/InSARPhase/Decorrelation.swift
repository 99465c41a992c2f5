import Foundation
import RunSupport
import TorchCore

/// Noise of pixels whose scatterers change between two dates.
///
/// Coherence of a pair: gamma = (1 - |Bperp| / Bc) ((gamma0 - gammaInf) exp(-t / tau) + gammaInf),
/// times a map in [0, 1] when one is given. The noise is the phase of L averaged products of
/// correlated circular complex Gaussian pixels.
///
/// The average needs no L pairs of pixels: with the complex Wishart matrix in Bartlett's triangular
/// form, it is t (gamma t + sqrt(1 - gamma^2) z), t^2 from Gamma(L, 1) and z a circular complex normal,
/// which is exact for any number of looks from 1 up.
///
/// With `consistency` `perDate`, each date has its own phase noise, as seen against a perfect image
/// at coherence sqrt(gamma0 map), and a pair has the difference: phases close around triangles, and
/// neither time nor baseline matters. The coherence of a pair is then gamma0 map.
/// Source: Zebker and Villasenor, IEEE TGRS 1992 (baseline); Rocca, IEEE TGRS 2007 (exponential
/// decay); Goodman, "Statistical analysis based on a certain multivariate complex Gaussian
/// distribution", 1963; Tough, Blacknell and Quegan, Proc. R. Soc. A 1995 (phase distribution).
public struct Decorrelation: Sendable, Equatable, Codable {
  public enum Consistency: String, Sendable, Codable {
    case perPair = "per_pair"
    case perDate = "per_date"
  }

  /// Independent looks that are averaged; 1 or more, not necessarily whole.
  public var looks = 5.0
  /// Coherence of an interval of 0 days.
  public var initialCoherence = 0.9
  /// Coherence of very long intervals.
  public var finalCoherence = 0.2
  /// Days after which the difference of the two is down to 1/e.
  public var decayDays = 60.0
  public var consistency = Consistency.perPair

  public init() {}

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.inside("\(name).looks", looks, 1...10_000)
    check.inside("\(name).initialCoherence", initialCoherence, 0...1)
    check.inside("\(name).finalCoherence", finalCoherence, 0...1)
    check.require(
      finalCoherence <= initialCoherence || !finalCoherence.isFinite,
      "\(name).finalCoherence \(finalCoherence) exceeds initialCoherence \(initialCoherence); "
        + "coherence falls with time")
    check.positive("\(name).decayDays", decayDays)
  }

  /// Coherence in [0, 1] of a pair of dates; 0 at and beyond the critical baseline.
  public func coherence(
    days: Double, perpendicularBaselineMeters: Double, criticalBaselineMeters: Double
  ) -> Double {
    guard consistency == .perPair else { return initialCoherence }
    let geometric = max(0, 1 - abs(perpendicularBaselineMeters) / criticalBaselineMeters)
    let decay = exp(-abs(days) / decayDays)
    return geometric * ((initialCoherence - finalCoherence) * decay + finalCoherence)
  }

  /// Noise in (-pi, pi] for each coherence, on the CPU; a function of the key.
  func noiseRadians(coherence: [Float], _ key: CounterRandom) throws -> [Float] {
    let draws = try Draws([key], looks: looks, pixels: coherence.count)
    let gamma = try Tensor(coherence, shape: [1, coherence.count])
    return try Self.noise(coherence: gamma, draws).floats()
  }

  /// What noise is made of: for each key a row of `pixels`.
  struct Draws {
    let real: Tensor
    let imaginary: Tensor
    /// sqrt(2) t.
    let amplitude: Tensor

    init(_ keys: [CounterRandom], looks: Double, pixels: Int, device: Device = .cpu) throws {
      let planes = try Tensor.filled([3, keys.count, pixels]) { buffer in
        for (index, key) in keys.enumerated() {
          var random = VectorRandom(key)
          for plane in 0..<3 {
            let start = (plane * keys.count + index) * pixels
            let row = UnsafeMutableBufferPointer(rebasing: buffer[start..<start + pixels])
            if plane < 2 { random.fillNormal(row) } else { random.fillGammaRoot(row, shape: looks) }
          }
        }
      }
      let moved = try planes.to(device: device)
      func plane(_ index: Int) throws -> Tensor {
        try moved.narrow(0, from: index, length: 1).squeeze(0)
      }
      real = try plane(0)
      imaginary = try plane(1)
      amplitude = try plane(2)
      try amplitude.multiply_(2.0.squareRoot())
    }
  }

  /// The angle of gamma t + sqrt(1 - gamma^2) z; `coherence` broadcasts against the draws.
  static func noise(coherence: Tensor, _ draws: Draws) throws -> Tensor {
    let spread = try (1 - coherence.square()).sqrt()
    let real = try draws.amplitude * coherence + draws.real * spread
    return try (draws.imaginary * spread).atan2(real)
  }
}
