import Kernel

/// Settings of the ground cover that makes coherence differ from place to place.
///
/// What `Decorrelation` describes is open, dry ground. Bodies of water, vegetation and built-up land
/// cover the stated fractions of a scene; where heights are known, layover and shadow have no
/// coherence, and slopes toward the satellite a shorter critical baseline.
/// Source: per-cover decay, Zebker and Villasenor, IEEE TGRS 1992; values for C-band, Kellndorfer et
/// al., Scientific Data 2022 (docs/phase.md says which).
public struct CoherenceScene: Sendable, Equatable, Codable {
  public enum Source: String, Sendable, Codable, CaseIterable {
    /// One number for all pixels of an interferogram.
    case uniform
    /// Bodies of ground cover, drawn for each scene.
    case drawn
  }

  public var source = Source.drawn
  public var vegetation = GroundCover(
    fraction: 0.4, bodyMeters: 2000, edgeMeters: 150, initialCoherence: 0.65,
    finalCoherence: 0.05, decayDays: 15, seasonalFraction: 0.5)
  public var urban = GroundCover(
    fraction: 0.08, bodyMeters: 600, edgeMeters: 100, initialCoherence: 0.92,
    finalCoherence: 0.6, decayDays: 400, seasonalFraction: 0)
  public var water = GroundCover(
    fraction: 0.04, bodyMeters: 2000, edgeMeters: 30, initialCoherence: 0, finalCoherence: 0,
    decayDays: 1, seasonalFraction: 0)
  /// The day of the year on which vegetation decorrelates fastest, 1 to 366.
  public var growthPeakDayOfYear = 200.0
  /// Standard deviation of the texture t, which changes a coherence g by t g (1 - g).
  public var textureDeviation = 0.4
  /// Size of the largest structures of the texture.
  public var textureMeters = 500.0
  /// Whether slopes change the coherence where heights are known.
  public var usesSlopes = true

  public init() {}

  func check(_ name: String, _ check: inout ParameterCheck) {
    for (cover, key) in [(vegetation, "vegetation"), (urban, "urban"), (water, "water")] {
      cover.check("\(name).\(key)", &check)
    }
    let sum = vegetation.fraction + urban.fraction + water.fraction
    check.require(
      sum <= 1 + 1e-9 || !sum.isFinite,
      "\(name): the fractions of vegetation, urban and water add up to \(sum); give at most 1")
    check.inside("\(name).growthPeakDayOfYear", growthPeakDayOfYear, 1...366)
    check.inside("\(name).textureDeviation", textureDeviation, 0...1)
    check.positive("\(name).textureMeters", textureMeters)
  }
}

/// A kind of ground: how much of a scene it covers, and how its coherence decreases.
public struct GroundCover: Sendable, Equatable, Codable {
  /// Fraction of every scene, 0 to 1.
  public var fraction: Double
  /// Size of typical bodies.
  public var bodyMeters: Double
  /// Width over which a body passes into its surroundings.
  public var edgeMeters: Double
  /// Coherence at an interval of 0 days.
  public var initialCoherence: Double
  /// Coherence at very long intervals.
  public var finalCoherence: Double
  /// Days after which the difference of the two has decreased to 1/e.
  public var decayDays: Double
  /// How much faster it decreases at the peak of growth than on average, as a fraction, and slower
  /// half a year later.
  public var seasonalFraction: Double

  func check(_ name: String, _ check: inout ParameterCheck) {
    check.inside("\(name).fraction", fraction, 0...1)
    check.positive("\(name).bodyMeters", bodyMeters)
    check.notNegative("\(name).edgeMeters", edgeMeters)
    check.decay(name, initial: initialCoherence, final: finalCoherence, days: decayDays)
    check.inside("\(name).seasonalFraction", seasonalFraction, 0...1)
  }
}
