import DeformationStatistics
import DurableFiles
import FeatureMetrics
import Patches

/// Statistics of one set in physical units, and its distances from the real set.
public struct DeformationMeasures: Sendable, Equatable, Codable {
  public var statistics: SetStatistics
  /// `nil` for the real set itself.
  public var comparison: SetComparison?
  public var memorisation: MemorizationMeasures?
}

/// Memorization: the distance of a set to the nearest real patches, compared with that of other
/// real patches.
public struct MemorizationMeasures: Sendable, Equatable, Codable {
  /// The median distance to the nearest real patch divided by that of the control, in pixels under
  /// the eight symmetries and in features; below 1, the set is nearer than real patches are to each
  /// other.
  public var pixelRatio: Double?
  public var featureRatio: Double?
  /// The nearest pairs in pixels, nearest first.
  public var nearest: [Memorization.Pair]
  /// The nearest pairs in features; `nil` without weights.
  public var nearestInFeatures: [Memorization.Pair]?

  static let shown = 12

  static func nearest(_ pairs: [Memorization.Pair]) -> [Memorization.Pair] {
    Array(pairs.sorted { ($0.distance, $0.query) < ($1.distance, $1.query) }.prefix(shown))
  }
}

/// Compares sets with one real set in physical units.
struct DeformationComparison {
  private let real: EvaluationSet
  private let realPatches: RatePatches
  private let realFeatures: [[Float]]?
  private let settings: StatisticsSettings
  /// Nearest pairs among real patches.
  private let controlPairs: [Memorization.Pair]
  private let controlFeaturePairs: [Memorization.Pair]?

  init(real: EvaluationSet, features: FeatureSet?, _ settings: StatisticsSettings) throws {
    self.real = real
    self.settings = settings
    realPatches = try Self.patches(real)
    realFeatures = features.map(Self.vectors)
    controlPairs = try Memorization.nearestPatches(
      of: realPatches, among: realPatches, excludingSameIndex: true)
    controlFeaturePairs = try realFeatures.map {
      try Memorization.nearestVectors(of: $0, among: $0, excludingSameIndex: true)
    }
  }

  func measuresOfReal() throws -> DeformationMeasures {
    DeformationMeasures(statistics: try SetStatistics(realPatches, settings))
  }

  func measures(of set: EvaluationSet, features: FeatureSet?) throws -> DeformationMeasures {
    try Interruption.check()
    let patches = try Self.patches(set)
    let pairs = try Memorization.nearestPatches(of: patches, among: realPatches)
    var featureRatio: Double?
    var featurePairs: [Memorization.Pair]?
    if let features, let realFeatures, let controlFeaturePairs {
      let near = try Memorization.nearestVectors(
        of: Self.vectors(features), among: realFeatures)
      featureRatio = Memorization.medianRatio(near, control: controlFeaturePairs)
      featurePairs = MemorizationMeasures.nearest(near)
    }
    return DeformationMeasures(
      statistics: try SetStatistics(patches, settings),
      comparison: try SetComparison(patches, reference: realPatches, bootstrap: settings.bootstrap),
      memorisation: MemorizationMeasures(
        pixelRatio: Memorization.medianRatio(pairs, control: controlPairs),
        featureRatio: featureRatio,
        nearest: MemorizationMeasures.nearest(pairs), nearestInFeatures: featurePairs))
  }

  private static func patches(_ set: EvaluationSet) throws -> RatePatches {
    try RatePatches(name: set.name, size: set.size, patches: set.patches)
  }

  private static func vectors(_ features: FeatureSet) -> [[Float]] {
    (0..<features.count).map { Array(features.row($0)) }
  }
}
