/// The weight of an interferogram in a pixel's estimate, from its coherence gamma and number of
/// looks L.
public enum Weighting: String, Sendable, Codable, CaseIterable {
  /// 1 / sigma^2(gamma, L), the exact variance of the phase; MintPy's `var`.
  case inverseVariance = "inverse_variance"
  /// 2 L gamma^2 / (1 - gamma^2), its limit for high coherence; MintPy's `fim`.
  case fisherInformation = "fisher_information"
  /// gamma; MintPy's `coh`.
  case coherence
  /// 1; MintPy's `no`.
  case uniform
}

/// A lookup table of weights by coherence.
struct WeightTable: Sendable {
  private static let steps = 16_384
  private let weights: [Float]

  /// - Throws: `InversionError.settings` for looks out of range.
  init(_ weighting: Weighting, looks: Double) throws {
    let variance = try PhaseVariance(looks: looks)
    weights = (0...Self.steps).map { step in
      let coherence = Double(step) / Double(Self.steps)
      let capped = min(coherence, PhaseVariance.highestCoherence)
      return switch weighting {
      case .inverseVariance: Float(1 / variance.variance(coherence: coherence))
      case .fisherInformation: Float(2 * looks * capped * capped / (1 - capped * capped))
      case .coherence: Float(coherence)
      case .uniform: 1
      }
    }
  }

  /// The weight for a coherence in [0, 1].
  @inline(__always) func weight(_ coherence: Float) -> Float {
    weights[Int(coherence * Float(Self.steps) + 0.5)]
  }
}
