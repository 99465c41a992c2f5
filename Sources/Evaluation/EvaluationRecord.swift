import FeatureMetrics
import InceptionFeatures
import Kernel
import Rasters

/// `metrics.json`: metrics, sets and settings. Numbers are dimensionless unless their name states a
/// unit.
public struct EvaluationRecord: Sendable, Equatable, Codable {
  public var formatVersion = 1
  public var program: String
  public var libTorch: String
  /// The sign convention of all rates after reading; `nil` in records of earlier versions.
  public var signConvention: String? =
    "rates are in the line of sight, " + LOSConvention.towardSatellite.rawValue
  public var settings: EvaluationSettings
  /// `nil` if no weights were found; then no set has `features`.
  public var network: Network?
  /// The real set with which all others are compared.
  public var real: SetRecord
  /// Real against real; `nil` if there are too few real samples for two parts.
  public var control: Control?
  public var sets: [SetRecord]
  /// t-SNE of all sets; `nil` without weights or for few samples.
  public var featureMap: FeatureMap?
  /// Metrics that could not be computed, with reasons.
  public var missing: [String]
  public var warnings: [String]

  /// The network of the features.
  public struct Network: Sendable, Equatable, Codable {
    public var name: String
    public var file: String
    public var fileSHA256: String
    /// Whether it has the published values.
    public var isVerified: Bool
    public var preprocessing: String
  }

  /// One set and its metrics.
  public struct SetRecord: Sendable, Equatable, Codable {
    public var name: String
    public var path: String
    /// `dataset`, `folder`, `stack` or `pictures`.
    public var kind: String
    public var count: Int
    public var sizePixels: Int
    /// SHA-256 of the values in cm/yr; `nil` for images.
    public var patchesSHA256: String?
    /// SHA-256 of the 8-bit images for the network.
    public var imagesSHA256: String
    /// The share of pixels beyond the range of the pictures; `nil` for images.
    public var clipShare: Double?
    public var notes: [String]
    /// The key of its features in the cache; `nil` without weights.
    public var featuresKey: String?
    /// Feature metrics against `real`; `nil` for `real` itself and without weights.
    public var features: FeatureScores?
    /// In physical units; `nil` for images.
    public var deformation: DeformationMeasures?
  }

  /// The metrics between two real sets.
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
  /// The maximum number of samples of each set.
  public var count: Int
  public var seed: UInt64
  /// Side in pixels of patches drawn from datasets; `nil`: that of the other sets, or else 256.
  public var patchSize: Int?
  /// Whether the conditional filter is applied to patches drawn from datasets.
  public var filter: Bool
  /// Whether patches are drawn from the held-out scenes of datasets.
  public var heldOut: Bool
  public var image: RateImageRule
  public var neighbors: Int
  /// Number of draws for each interval.
  public var resamples: Int
  /// The unit of files that state none.
  public var unit: String?
  /// The sign of files that do not state it.
  public var losSign: LOSConvention?
  /// The satellite and the interval in days for the phase in which fringes and residues are
  /// counted.
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

  /// All faults, one sentence each.
  public func faults() -> [String] {
    var faults = image.faults() + comparison.faults()
    if !(2...1_000_000).contains(count) {
      faults.append("\(OptionName.count) is \(count): give 2 to 1000000 samples")
    }
    if let patchSize, !(8...4096).contains(patchSize) {
      faults.append("\(OptionName.patchSize) is \(patchSize): give 8 to 4096 pixels")
    }
    if days == 0 || !(abs(days) <= 36_525) {
      faults.append(
        "\(OptionName.days) is \(days): give a number other than 0, of at most a century")
    }
    return faults
  }
}
