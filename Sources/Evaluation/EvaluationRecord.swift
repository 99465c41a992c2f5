import DeformationStatistics
import FeatureMetrics
import Rasters

/// `metrics.json`: metrics, sets and settings. Numbers are dimensionless unless their name states a
/// unit.
public struct EvaluationRecord: Sendable, Equatable, Codable {
  public var formatVersion = 1
  public var program: String
  public var libTorch: String
  /// What all sets measure; `nil`: rates. Fields whose names end with cm/yr are in this quantity's unit.
  public var quantity: Quantity?
  /// The sign convention of all rates after reading; `nil` in records of earlier versions.
  public var signConvention: String? =
    "rates are in the line of sight, " + LOSConvention.towardSatellite.rawValue
  public var settings: EvaluationSettings
  /// What all sets measure.
  public var measured: Quantity { quantity ?? .rate }
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

    public init(
      name: String, file: String, fileSHA256: String, isVerified: Bool, preprocessing: String
    ) {
      self.name = name
      self.file = file
      self.fileSHA256 = fileSHA256
      self.isVerified = isVerified
      self.preprocessing = preprocessing
    }
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
    /// Between the quantities of its maps, each pair; `nil` if they have one.
    public var coupling: [ChannelCoupling]?
  }

  /// The metrics between two real sets.
  public struct Control: Sendable, Equatable, Codable {
    public var description: String
    public var count: Int
    public var features: FeatureScores?
    public var deformation: DeformationMeasures?
    /// Of the second real set.
    public var coupling: [ChannelCoupling]?
  }
}
