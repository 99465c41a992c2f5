import DurableFiles
import Rasters

/// `dataset.json`: the content of a dataset folder and its origin.
public struct DatasetManifest: Sendable, Equatable, Codable {
  public static let currentVersion = 1
  /// Of datasets of other quantities than rates, which earlier versions would take for rates.
  public static let quantityVersion = 2
  /// Of datasets with several quantities of every scene.
  public static let jointVersion = 3
  public static let fileName = "dataset.json"
  public static let currentSignConvention =
    "line of sight, " + LOSConvention.towardSatellite.rawValue

  public var formatVersion: Int
  /// Version and commit of the program that wrote it; `nil` in manifests of earlier versions.
  public var program: String? = ProgramVersion.name
  /// What the scenes measure; `nil`: rates.
  public var quantity: Quantity?
  /// Further quantities of every scene, on its grid; `nil`: none.
  public var companions: [Quantity]?
  /// cm/yr for rates, else the unit of the quantity.
  public var unit: RasterUnit
  /// The sign convention of all scenes; `nil` in datasets of versions that ignored the sign, and for
  /// quantities without a sign.
  public var signConvention: String? = currentSignConvention
  public var preparation: ScenePreparation
  public var scenes: [SceneRecord]
  public var totals: Totals

  /// What the scenes measure.
  public var measured: Quantity { quantity ?? .rate }
  /// All quantities of a scene: what the scenes measure, then the companions.
  public var quantities: [Quantity] { [measured] + (companions ?? []) }

  /// One scene of the dataset.
  public struct SceneRecord: Sendable, Equatable, Codable {
    public var name: String
    /// Relative to the dataset folder.
    public var file: String
    public var fileSHA256: String
    public var width: Int
    public var height: Int
    /// Kept out of training.
    public var isHeldOut: Bool
    public var origin: Origin
    public var statistics: RateStatistics
    /// One for each of the manifest's companions; `nil`: none.
    public var companions: [CompanionRecord]?
  }

  /// A further quantity of a scene.
  public struct CompanionRecord: Sendable, Equatable, Codable {
    public var quantity: Quantity
    /// Of the values and the statistics.
    public var unit: RasterUnit
    /// Relative to the dataset folder.
    public var file: String
    public var fileSHA256: String
    public var origin: Origin
    public var statistics: RateStatistics
  }

  /// The source of a scene's values and their processing: rate = (value * factorToCMPerYear -
  /// medianRemovedCMPerYear) * harmonisationFactor. Of other quantities than rates, the factor leads to
  /// the dataset's unit, and nothing else is done.
  public struct Origin: Sendable, Equatable, Codable {
    /// The path as given on the command line.
    public var source: String
    /// `nil` for scenes that did not come from a file.
    public var sourceSHA256: String?
    public var sourceUnit: RasterUnit
    /// The source of the unit, such as `"UNIT tag"` or `"--unit"`.
    public var unitSource: String
    /// The sign convention of the source; the factor below is negative for "away from the
    /// satellite".
    public var sourceSign: LOSConvention?
    /// Where the sign was read; if it was not stated, toward the satellite was assumed.
    public var signSource: String?
    /// The time span by which a displacement was divided, in years; `nil` for rates.
    public var displacementYears: Double?
    /// With which phases and lengths were converted; `nil` if they were not.
    public var wavelengthMeters: Double?
    public var factorToCMPerYear: Double
    public var medianRemovedCMPerYear: Double
    public var harmonisationFactor: Double
    public var half: SceneHalf?
    /// 1 if the scene was not enlarged.
    public var upsampling: Int
    public var licence: String?
    /// Whether a simulator or a model made the file, according to the manifest beside it; `nil` in
    /// datasets of earlier versions.
    public var isSynthetic: Bool?
  }

  /// What patches of the training scenes are, as a heading: measured, simulated, or both.
  package var patchHeading: String {
    let kinds = Set(scenes.filter { !$0.isHeldOut }.map(\.origin.isSynthetic))
    switch kinds {
    case [true]: return "Simulated patches of the dataset"
    case [false]: return "Measured patches of the dataset"
    case [true, false]: return "Measured and simulated patches of the dataset"
    default: return "Patches of the dataset"
    }
  }

  /// Over the scenes that are not held out.
  public struct Totals: Sendable, Equatable, Codable {
    public var scenes: Int
    public var validPixels: Int
    public var noDataShare: Double
    public var minimumCMPerYear: Double
    public var maximumCMPerYear: Double
    public var meanCMPerYear: Double
    /// Standard deviation of all valid pixels together, which trainers use for normalization.
    public var standardDeviationCMPerYear: Double

    /// - Parameter statistics: the statistics of the training scenes.
    public init(_ statistics: [RateStatistics]) {
      scenes = statistics.count
      let valid = statistics.reduce(0) { $0 + $1.validPixels }
      let all = statistics.reduce(0.0) { $0 + Double($1.validPixels) / (1 - $1.noDataShare) }
      validPixels = valid
      noDataShare = all > 0 ? 1 - Double(valid) / all : 0
      minimumCMPerYear = statistics.map(\.minimum).min() ?? 0
      maximumCMPerYear = statistics.map(\.maximum).max() ?? 0
      let count = Double(max(valid, 1))
      let mean = statistics.reduce(0) { $0 + $1.mean * Double($1.validPixels) } / count
      let variance =
        statistics.reduce(0) { sum, scene in
          let apart = scene.mean - mean
          let spread = scene.standardDeviation * scene.standardDeviation + apart * apart
          return sum + spread * Double(scene.validPixels)
        } / count
      meanCMPerYear = mean
      standardDeviationCMPerYear = variance.squareRoot()
    }
  }
}

/// The left or the right half of a scene.
public enum SceneHalf: String, Sendable, Codable, CaseIterable {
  case left
  case right
}
