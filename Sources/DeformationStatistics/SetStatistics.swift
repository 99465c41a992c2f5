import Kernel

/// Statistics of a set of patches in physical units. Intervals are over patches.
public struct SetStatistics: Sendable, Equatable {
  public let patchCount: Int
  /// Of each `PatchMeasure`, by its key; one that no patch has (means over blobs) is left out.
  public let measures: [String: Estimate]
  public let rateHistogram: Histogram
  public let gradientHistogram: Histogram
  public let spectrum: RadialSpectrum
  public let variogram: Variogram
  public let settings: StatisticsSettings

  /// - Throws: `DeformationStatisticsError.invalidSetting`, `.tooSmall`.
  public init(_ set: RatePatches, _ settings: StatisticsSettings) throws {
    let size = set.size
    let found = try set.map { patch in
      Result { try PatchFacts(patch, size: size, settings) }
    }.map { try $0.get() }
    let bootstrap = settings.bootstrap
    patchCount = set.count
    measures = PatchMeasure.all.reduce(into: [:]) { measures, measure in
      measures[measure.key] = bootstrap.ratio(found.map(measure.value), found.map(measure.weight))
    }
    let limit = settings.histogramLimitCMPerYear
    rateHistogram = try Histogram(
      set.patches, bins: Bins(low: -limit, high: limit, count: settings.histogramBins),
      set: set.name)
    gradientHistogram = try Histogram(
      found.map(\.gradients),
      bins: Bins(
        low: 0, high: settings.gradientLimitCMPerYearPixel, count: settings.histogramBins),
      set: set.name)
    spectrum = try RadialSpectrum(set, bootstrap: bootstrap)
    variogram = Variogram(set, bootstrap: bootstrap)
    self.settings = settings
  }

  public func callAsFunction(_ measure: PatchMeasure) -> Estimate? { measures[measure.key] }

  /// The fraction of pixels with |rate| below the threshold.
  public var quietShare: Estimate? { self(.quietShare) }
  /// The mean over patches of each patch's standard deviation.
  public var standardDeviationCMPerYear: Estimate? { self(.standardDeviation) }
}

// Each measure is a field of its own, between the number of patches and the histograms.
extension SetStatistics: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    func field<Value: Decodable>(_ name: String) throws -> Value {
      try fields.decode(Value.self, forKey: Key(stringValue: name))
    }
    patchCount = try field("patchCount")
    measures = try PatchMeasure.all.reduce(into: [:]) { measures, measure in
      measures[measure.key] = try fields.decodeIfPresent(
        Estimate.self, forKey: Key(stringValue: measure.key))
    }
    rateHistogram = try field("rateHistogram")
    gradientHistogram = try field("gradientHistogram")
    spectrum = try field("spectrum")
    variogram = try field("variogram")
    settings = try field("settings")
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(patchCount, forKey: Key(stringValue: "patchCount"))
    for measure in PatchMeasure.all {
      try fields.encodeIfPresent(measures[measure.key], forKey: Key(stringValue: measure.key))
    }
    try fields.encode(rateHistogram, forKey: Key(stringValue: "rateHistogram"))
    try fields.encode(gradientHistogram, forKey: Key(stringValue: "gradientHistogram"))
    try fields.encode(spectrum, forKey: Key(stringValue: "spectrum"))
    try fields.encode(variogram, forKey: Key(stringValue: "variogram"))
    try fields.encode(settings, forKey: Key(stringValue: "settings"))
  }
}
