import Kernel

/// Statistics of a set of patches in physical units. Intervals are over patches.
public struct SetStatistics: Sendable, Equatable, Codable {
  public let patchCount: Int
  /// Mean over patches of each patch's mean and standard deviation.
  public let meanCMPerYear: Estimate
  public let standardDeviationCMPerYear: Estimate
  /// Fraction of pixels with |rate| below the threshold.
  public let quietShare: Estimate
  public let meanGradientCMPerYearPixel: Estimate
  public let blobsPerPatch: Estimate
  /// Means over blobs; `nil` if there are none.
  public let blobAreaPixels: Estimate?
  public let blobPeakCMPerYear: Estimate?
  public let fringesPerPixel: Estimate
  public let aliasedStepShare: Estimate
  public let residuesPerThousandLoops: Estimate
  public let rateHistogram: Histogram
  public let gradientHistogram: Histogram
  public let spectrum: RadialSpectrum
  public let variogram: Variogram
  public let settings: StatisticsSettings

  /// - Throws: `DeformationStatisticsError.invalidSetting`, `.tooSmall`.
  public init(_ set: RatePatches, _ settings: StatisticsSettings) throws {
    let size = set.size
    let threshold = Float(settings.thresholdCMPerYear)
    // The first call reports invalid settings, so the others cannot fail.
    _ = try Blobs(
      set.patches[0], size: size, thresholdCMPerYear: threshold,
      minimumAreaPixels: settings.minimumBlobAreaPixels)
    let found = try set.map { patch in
      Result {
        try PatchSummary(
          patch, size: size, threshold: threshold, settings: settings)
      }
    }.map { try $0.get() }
    let bootstrap = settings.bootstrap
    func mean(_ value: (PatchSummary) -> Double) -> Estimate {
      // Every patch has the value, so there is a mean.
      bootstrap.mean(found.map(value)) ?? Estimate(value: 0)
    }
    patchCount = set.count
    meanCMPerYear = mean { $0.mean }
    standardDeviationCMPerYear = mean { $0.standardDeviation }
    quietShare = mean { $0.quietShare }
    meanGradientCMPerYearPixel = mean { $0.meanGradient }
    blobsPerPatch = mean { $0.blobCount }
    blobAreaPixels = bootstrap.ratio(found.map(\.blobArea), found.map(\.blobCount))
    blobPeakCMPerYear = bootstrap.ratio(found.map(\.blobPeak), found.map(\.blobCount))
    fringesPerPixel = mean { $0.phase.fringesPerPixel }
    aliasedStepShare = mean { $0.phase.aliasedStepShare }
    residuesPerThousandLoops = mean { $0.phase.residuesPerLoop * 1000 }
    let limit = settings.histogramLimitCMPerYear
    rateHistogram = try Histogram(
      set.patches, bins: Bins(low: -limit, high: limit, count: settings.histogramBins),
      set: set.name)
    gradientHistogram = try Histogram(
      set.map { PatchGradient.magnitudes($0, size: size) },
      bins: Bins(
        low: 0, high: settings.gradientLimitCMPerYearPixel, count: settings.histogramBins),
      set: set.name)
    spectrum = try RadialSpectrum(set, bootstrap: bootstrap)
    variogram = Variogram(set, bootstrap: bootstrap)
    self.settings = settings
  }
}

/// The statistics of one patch.
private struct PatchSummary: Sendable {
  var mean: Double
  var standardDeviation: Double
  var quietShare: Double
  var meanGradient: Double
  var blobCount: Double
  /// Sums over blobs: pixels, and |peak| in cm/yr.
  var blobArea: Double
  var blobPeak: Double
  var phase: PhaseDensity

  init(_ patch: [Float], size: Int, threshold: Float, settings: StatisticsSettings) throws {
    let count = Double(patch.count)
    let mean = patch.reduce(0.0) { $0 + Double($1) } / count
    let squares = patch.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let gradients = PatchGradient.magnitudes(patch, size: size)
    let blobs = try Blobs(
      patch, size: size, thresholdCMPerYear: threshold,
      minimumAreaPixels: settings.minimumBlobAreaPixels
    ).blobs
    self.mean = mean
    standardDeviation = (squares / count).squareRoot()
    quietShare = Double(patch.count { abs($0) < threshold }) / count
    meanGradient = gradients.reduce(0.0) { $0 + Double($1) } / Double(gradients.count)
    blobCount = Double(blobs.count)
    blobArea = blobs.reduce(0.0) { $0 + Double($1.areaPixels) }
    blobPeak = blobs.reduce(0.0) { $0 + Double(abs($1.peakCMPerYear)) }
    phase = PhaseDensity(
      patch, size: size, radiansPerCMPerYear: settings.radiansPerCMPerYear)
  }
}
