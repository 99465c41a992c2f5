/// Settings of the deformation statistics.
public struct StatisticsSettings: Sendable, Equatable, Codable {
  /// A pixel is quiet below this rate, and part of a blob above it.
  public var thresholdCMPerYear = 3.0
  public var minimumBlobAreaPixels = 16
  /// Unwrapped phase of 1 cm/yr: -4 pi / wavelength x 0.01 m x days / 365.25 (see InSARPhase).
  public var radiansPerCMPerYear: Double
  /// The histogram of rates covers -`histogramLimitCMPerYear` to `histogramLimitCMPerYear`.
  public var histogramLimitCMPerYear = 25.0
  public var histogramBins = 100
  /// The upper end of the histogram of gradients, in cm/yr per pixel; it starts at 0.
  public var gradientLimitCMPerYearPixel = 5.0
  public var bootstrap: Bootstrap

  /// - Throws: `DeformationStatisticsError.invalidSetting`.
  public init(radiansPerCMPerYear: Double, bootstrap: Bootstrap) throws {
    guard radiansPerCMPerYear.isFinite, radiansPerCMPerYear != 0 else {
      throw DeformationStatisticsError.invalidSetting(
        name: "phase of 1 cm/yr", value: "\(radiansPerCMPerYear) rad",
        remedy: "give a sensor and a number of days that is not 0.")
    }
    (self.radiansPerCMPerYear, self.bootstrap) = (radiansPerCMPerYear, bootstrap)
  }
}
