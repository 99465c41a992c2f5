import DeformationStatistics
import FeatureMetrics
import InSARPhase
import Kernel
import Rasters

/// The settings of an evaluation, as given.
public struct EvaluationSettings: Sendable, Equatable, Codable {
  public var mode = PreprocessingMode.fid
  /// The maximum number of samples of each set.
  public var count = 2048
  public var seed: UInt64 = 0
  /// Side in pixels of patches drawn from datasets; `nil`: that of the other sets, or else 256.
  public var patchSize: Int?
  /// Whether the conditional filter is applied to patches drawn from datasets.
  public var filter = true
  /// Whether patches are drawn from the held-out scenes of datasets.
  public var heldOut = false
  /// What the sets measure that do not say it; `nil`: rates.
  public var quantity: Quantity?
  public var image = RateImageRule()
  /// The value that is white in the images, in the unit of the quantity; `nil`: as `image` says, or the
  /// usual one of the quantity. Not stored: `image` is what was used.
  public var limit: Double?
  public var neighbors = 5
  /// Number of draws for each interval.
  public var resamples = 40
  /// The unit of files that state none.
  public var unit: RasterUnit?
  /// The sign of files that do not state it.
  public var losSign: LOSConvention?
  /// The satellite and the interval in days for the phase in which fringes and residues are
  /// counted.
  public var sensor = Sensor.sentinel1
  public var days = 365.0

  public init() {}

  private enum CodingKeys: CodingKey {
    case mode, count, seed, patchSize, filter, heldOut, quantity, image, neighbors, resamples, unit
    case losSign, sensor, days
  }

  /// The settings for sets of a quantity.
  func resolved(for quantity: Quantity) -> EvaluationSettings {
    guard quantity != .rate else { return self }
    var settings = self
    settings.quantity = quantity
    if image.quantity != quantity { settings.image = RateImageRule(quantity, limit: limit) }
    return settings
  }

  var comparison: FeatureComparison {
    FeatureComparison(neighbors: neighbors, draws: resamples, seed: seed)
  }

  /// The settings of the measures in physical units.
  var statistics: StatisticsSettings {
    get throws {
      var settings = try StatisticsSettings(
        radiansPerCMPerYear: DeformationPhase(sensor).radiansPerCMPerYearDay * days,
        bootstrap: Bootstrap(resamples: resamples, seed: seed))
      if let quantity, quantity != .rate {
        settings.histogramLimitCMPerYear =
          quantity.usualLimit * (quantity == .coherence ? 1 : 5 / 3)
        settings.gradientLimitCMPerYearPixel = quantity.usualLimit / 3
        settings.thresholdCMPerYear = quantity.usualLimit / 5
      }
      return settings
    }
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
