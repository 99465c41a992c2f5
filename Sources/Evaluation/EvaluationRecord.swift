import FeatureMetrics
import InceptionFeatures
import Rasters

/// `metrics.json`: what was measured, of what, how. Numbers are unit-free unless named otherwise.
public struct EvaluationRecord: Sendable, Equatable, Codable {
  public var formatVersion = 1
  public var program: String
  public var libTorch: String
  /// What all rates are after reading; `nil` in records of earlier versions.
  public var signConvention: String? =
    "rates are in the line of sight, " + LOSConvention.towardSatellite.rawValue
  public var settings: EvaluationSettings
  /// `nil` where no weights were found; then no set has `features`.
  public var network: Network?
  /// The real set that all others are measured against.
  public var real: SetRecord
  /// Real against real; `nil` when there are too few real samples for two parts.
  public var control: Control?
  public var sets: [SetRecord]
  /// All sets in one plane; `nil` without weights and for few samples.
  public var featureMap: FeatureMap?
  /// What was asked for and could not be computed, and why.
  public var missing: [String]
  public var warnings: [String]

  /// The network behind the features.
  public struct Network: Sendable, Equatable, Codable {
    public var name: String
    public var file: String
    public var fileSHA256: String
    /// Whether it holds the published values.
    public var isVerified: Bool
    public var preprocessing: String
  }

  /// One set and its measures.
  public struct SetRecord: Sendable, Equatable, Codable {
    public var name: String
    public var path: String
    /// `dataset`, `folder`, `stack` or `pictures`.
    public var kind: String
    public var count: Int
    public var sizePixels: Int
    /// SHA-256 of the values in cm/yr; `nil` for pictures.
    public var patchesSHA256: String?
    /// SHA-256 of the 8-bit pictures that the network saw.
    public var imagesSHA256: String
    /// The share of pixels beyond the range of the pictures; `nil` for pictures.
    public var clipShare: Double?
    public var notes: [String]
    /// The name of its features in the cache; `nil` without weights.
    public var featuresKey: String?
    /// Against `real`; `nil` for `real` itself and without weights.
    public var features: FeatureScores?
    /// In physical units; `nil` for pictures.
    public var deformation: DeformationMeasures?
  }

  /// What the measures are between two real sets.
  public struct Control: Sendable, Equatable, Codable {
    public var description: String
    public var count: Int
    public var features: FeatureScores?
    public var deformation: DeformationMeasures?
  }
}

/// The settings of an evaluation, as given.
public struct EvaluationSettings: Sendable, Equatable, Codable {
  public var mode: PreprocessingMode
  /// The most samples of each set.
  public var count: Int
  public var seed: UInt64
  /// Pixels along each side of patches drawn from datasets; `nil`: as large as the other sets',
  /// else 256.
  public var patchSize: Int?
  /// Whether the conditional filter holds for patches drawn from datasets.
  public var filter: Bool
  /// Whether datasets give their held-out scenes.
  public var heldOut: Bool
  public var image: RateImageRule
  public var neighbors: Int
  /// Draws behind each interval.
  public var resamples: Int
  /// The unit of files that state none.
  public var unit: String?
  /// The sign of files that do not state it.
  public var losSign: LOSConvention?
  /// The satellite and the days of the phase that fringes and residues are counted in.
  public var sensor: String
  public var days: Double

  public init(
    mode: PreprocessingMode = .fid, count: Int = 2048, seed: UInt64 = 0, patchSize: Int? = nil,
    filter: Bool = true, heldOut: Bool = false, image: RateImageRule = RateImageRule(),
    neighbors: Int = 5, resamples: Int = 40, unit: String? = nil,
    losSign: LOSConvention? = nil, sensor: String = "sentinel-1", days: Double = 365
  ) {
    self.mode = mode
    self.count = count
    self.seed = seed
    self.patchSize = patchSize
    self.filter = filter
    self.heldOut = heldOut
    self.image = image
    self.neighbors = neighbors
    self.resamples = resamples
    self.unit = unit
    self.losSign = losSign
    self.sensor = sensor
    self.days = days
  }

  var comparison: FeatureComparison {
    FeatureComparison(neighbors: neighbors, draws: resamples, seed: seed)
  }

  /// All that is wrong, a sentence each.
  public func faults() -> [String] {
    var faults = image.faults() + comparison.faults()
    if !(2...1_000_000).contains(count) {
      faults.append("--count is \(count): give 2 to 1000000 samples")
    }
    if let patchSize, !(8...4096).contains(patchSize) {
      faults.append("--patch-size is \(patchSize): give 8 to 4096 pixels")
    }
    if days == 0 || !(abs(days) <= 36_525) {
      faults.append("--days is \(days): give a number other than 0, of at most a century")
    }
    return faults
  }
}
