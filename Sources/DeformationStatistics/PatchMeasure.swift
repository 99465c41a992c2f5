import Kernel

/// One number of each patch in physical units; `SetStatistics` holds its mean over a set's patches.
///
/// `metrics.json` and the report's page follow `all`: a new measure is a constant in `Measures/` and an entry there.
public struct PatchMeasure: Sendable {
  /// The field in `metrics.json`.
  public let key: String
  /// The row of the report's page.
  public let name: String
  public let unit: String
  public let decimals: Int
  private let explain: @Sendable (StatisticsSettings, _ span: String) -> String
  /// What one patch adds to the sum, and how often it counts.
  let value: @Sendable (PatchFacts) -> Double
  let weight: @Sendable (PatchFacts) -> Double

  /// A mean over patches.
  init(
    _ key: String, name: String, unit: String = "", decimals: Int = 2,
    explanation: @escaping @Sendable (StatisticsSettings, _ span: String) -> String,
    value: @escaping @Sendable (PatchFacts) -> Double
  ) {
    self.init(
      key, name: name, unit: unit, decimals: decimals, explanation: explanation, value: value,
      weight: { _ in 1 })
  }

  /// A sum over patches divided by the sum of `weight`, such as a mean over blobs.
  init(
    _ key: String, name: String, unit: String = "", decimals: Int = 2,
    explanation: @escaping @Sendable (StatisticsSettings, _ span: String) -> String,
    value: @escaping @Sendable (PatchFacts) -> Double,
    weight: @escaping @Sendable (PatchFacts) -> Double
  ) {
    self.key = key
    self.name = name
    self.unit = unit
    self.decimals = decimals
    explain = explanation
    self.value = value
    self.weight = weight
  }

  /// - Parameters:
  ///   - settings: of the statistics.
  ///   - span: the time and the satellite of the phase, such as `365 days of sentinel-1`.
  public func explanation(_ settings: StatisticsSettings, span: String) -> String {
    explain(settings, span)
  }

  /// Those that mean something for maps of other quantities than rates, in their unit.
  package static let ofAnyQuantity: [PatchMeasure] = [.mean, .standardDeviation, .meanGradient]

  /// In the order of `metrics.json` and of the page.
  public static let all: [PatchMeasure] = [
    .mean, .standardDeviation, .quietShare, .meanGradient, .blobs, .blobArea, .blobPeak, .fringes,
    .aliasedSteps, .residues,
  ]
}

/// What measures are made of, computed once for each patch.
struct PatchFacts: Sendable {
  /// Rates in cm/yr, row by row.
  let patch: [Float]
  let size: Int
  let settings: StatisticsSettings
  let mean: Double
  let standardDeviation: Double
  /// Magnitudes in cm/yr per pixel.
  let gradients: [Float]
  let blobs: [Blobs.Blob]
  let phase: PhaseDensity

  init(_ patch: [Float], size: Int, _ settings: StatisticsSettings) throws {
    self.patch = patch
    self.size = size
    self.settings = settings
    let count = Double(patch.count)
    let mean = patch.reduce(0.0) { $0 + Double($1) } / count
    let squares = patch.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    self.mean = mean
    standardDeviation = (squares / count).squareRoot()
    gradients = PatchGradient.magnitudes(patch, size: size)
    blobs = try Blobs(
      patch, size: size, thresholdCMPerYear: Float(settings.thresholdCMPerYear),
      minimumAreaPixels: settings.minimumBlobAreaPixels
    ).blobs
    phase = PhaseDensity(patch, size: size, radiansPerCMPerYear: settings.radiansPerCMPerYear)
  }
}
