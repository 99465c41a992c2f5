import Foundation

/// What the maps of a dataset or of a model measure.
///
/// The table below is the one place that says how a quantity is stored, signed, bounded and shown, and
/// how it becomes the values of a network. Sets of different quantities are never mixed or compared.
public enum Quantity: String, Sendable, Codable, CaseIterable {
  /// Deformation rate in the line of sight.
  case rate
  /// Delay of the signal by the atmosphere in the line of sight, of one date or between two.
  case atmosphere
  /// Height of the ground.
  case height
  /// Interferometric or temporal coherence.
  case coherence
  /// Standard deviation of a phase, or what errors of displacements and rates are as a phase.
  case phaseDeviation = "phase-std"

  /// How values are colored.
  package enum Coloring: Sendable, Equatable {
    /// Symmetric about 0.
    case diverging
    /// From the lowest value on.
    case sequential
    /// Black to white over the range.
    case gray
  }

  /// One row of the table.
  private struct Facts {
    /// The unit of datasets, models and generated maps.
    var unit: RasterUnit
    /// The values that are possible, in `unit`.
    var range: ClosedRange<Float>
    var transform: QuantityTransform
    var sign: String?
    var coloring: Coloring
    /// A value near the upper end of common maps, in `unit`: the end of scales of pictures.
    var usualLimit: Double
    var words: String
  }

  private static let everything: ClosedRange<Float> =
    -Float.greatestFiniteMagnitude...Float.greatestFiniteMagnitude

  private var facts: Facts {
    switch self {
    case .rate:
      Facts(
        unit: .centimetersPerYear, range: Self.everything, transform: .identity,
        sign: "line of sight, " + LOSConvention.towardSatellite.rawValue, coloring: .diverging,
        usualLimit: 15, words: "deformation rates")
    case .atmosphere:
      Facts(
        unit: .centimeters, range: Self.everything, transform: .identity,
        sign:
          "line of sight, positive where the delay is longer, which looks like motion away from "
          + "the satellite", coloring: .diverging, usualLimit: 3, words: "atmospheric delays")
    case .height:
      Facts(
        unit: .meters, range: Self.everything, transform: .identity, sign: "positive upward",
        coloring: .sequential, usualLimit: 1500, words: "heights")
    case .coherence:
      Facts(
        unit: .one, range: 0...1, transform: .logit(margin: 0.01), sign: nil, coloring: .gray,
        usualLimit: 1, words: "coherence")
    case .phaseDeviation:
      Facts(
        unit: .radians, range: 0...Float.greatestFiniteMagnitude,
        transform: .softplus(scale: 0.1, margin: 0.05), sign: nil, coloring: .sequential,
        usualLimit: 1.5, words: "standard deviations of phases")
    }
  }

  /// The unit of datasets, models and generated maps: cm/yr, cm, m, 1 or rad.
  public var unit: RasterUnit { facts.unit }
  /// The values that are possible, in `unit`: 0 to 1 for coherence, 0 and above for standard
  /// deviations, and all finite numbers for the others.
  public var range: ClosedRange<Float> { facts.range }
  /// How values become those that networks are trained on.
  public var transform: QuantityTransform { facts.transform }
  /// What the sign means, as manifests state it; `nil` for what has none.
  public var signConvention: String? { facts.sign }
  package var coloring: Coloring { facts.coloring }
  package var usualLimit: Double { facts.usualLimit }
  /// For sentences, such as `deformation rates`.
  package var words: String { facts.words }
  /// Whether the range has an end.
  public var isBounded: Bool { facts.range != Self.everything }

  /// The factor that gives values with a stated sign this quantity's sign: delays are positive where
  /// the apparent motion is away from the satellite. 1 where no sign is stated, or there is none.
  package func signFactor(_ convention: LOSConvention?) -> Double {
    switch self {
    case .rate: convention?.factorTowardSatellite ?? 1
    case .atmosphere: -(convention?.factorTowardSatellite ?? -1)
    case .height, .coherence, .phaseDeviation: 1
    }
  }

  /// The factor from a unit to that of this quantity.
  ///
  /// Lengths and rates become phases, and phases lengths, by the way to the ground and back: 4 pi /
  /// wavelength. The standard error of a rate counts as the error after one year.
  /// - Parameters:
  ///   - unit: `nil` if it is not stated; only coherence has no need of a unit.
  ///   - wavelengthMeters: of the sensor; `nil`: not given.
  /// - Throws: `UnitProblem`.
  package func factor(from unit: RasterUnit?, wavelengthMeters: Double?) throws -> Double {
    guard let unit else {
      if self == .coherence { return 1 }
      throw UnitProblem.unknown
    }
    if unit.kind == self.unit.kind { return try unit.factor(to: self.unit) }
    let isPhase = unit.kind == .phase || self.unit.kind == .phase
    switch (self, unit.kind) {
    case (.atmosphere, .phase), (.phaseDeviation, .displacement), (.phaseDeviation, .rate):
      guard isPhase, let wavelengthMeters else { throw UnitProblem.needsWavelength(unit) }
      let radiansPerMeter = 4 * Double.pi / wavelengthMeters
      if unit.kind == .phase {
        return try RasterUnit.meters.factor(to: self.unit) / radiansPerMeter
      }
      return try unit.factor(to: unit.kind == .rate ? .metersPerYear : .meters) * radiansPerMeter
    default: throw UnitProblem.other(unit)
    }
  }

  /// Why values cannot be brought to a quantity's unit.
  package enum UnitProblem: Error, Equatable {
    case unknown
    case needsWavelength(RasterUnit)
    case other(RasterUnit)
  }
}

/// How the values of a map become numbers without bounds, which a network can produce, and back.
///
/// Bounded quantities are treated as censored: a value at an end of the range becomes a finite number,
/// and every number beyond that one becomes the end again. So the values that a network produces never
/// leave the range, the ends included, and those of measured maps return as they were.
public enum QuantityTransform: Sendable, Equatable {
  case identity
  /// For 0 to 1: y = log(p / (1 - p)) with p = margin + (1 - 2 margin) x.
  case logit(margin: Double)
  /// For 0 and above: y = scale log(exp(x / scale + margin) - 1), the logarithm for small values and
  /// nearly x for large ones, so that a slightly too large y does not grow exponentially.
  case softplus(scale: Double, margin: Double)

  /// - Parameter x: within the range of the quantity.
  public func forward(_ x: Double) -> Double {
    switch self {
    case .identity: return x
    case .logit(let margin):
      let p = margin + (1 - 2 * margin) * x
      return log(p / (1 - p))
    case .softplus(let scale, let margin):
      let t = x / scale + margin
      return scale * (t + log(-expm1(-t)))
    }
  }

  /// Within the range of the quantity for every `y`.
  public func inverse(_ y: Double) -> Double {
    switch self {
    case .identity: return y
    case .logit(let margin):
      let p = 1 / (1 + exp(-y))
      return min(max((p - margin) / (1 - 2 * margin), 0), 1)
    case .softplus(let scale, let margin):
      let t = y / scale
      return max(0, scale * (max(t, 0) + log1p(exp(-abs(t))) - margin))
    }
  }
}
