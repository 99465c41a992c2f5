import Kernel

/// Distances between a set of patches and a reference set, in physical units.
public struct SetComparison: Sendable, Equatable, Codable {
  /// Wasserstein-1 distance between all rates, cm/yr.
  public let rateWassersteinCMPerYear: Estimate
  /// Wasserstein-1 distance between all |gradient|, cm/yr per pixel.
  public let gradientWassersteinCMPerYearPixel: Estimate
  /// Root mean square difference of log10 power over the rings; `nil` if a set has no power.
  public let logSpectralDistanceDecades: Double?

  /// The number of bins in which values are counted for the distances.
  static let binCount = 4096

  /// - Throws: `DeformationStatisticsError.sizesDiffer`.
  public init(_ set: RatePatches, reference: RatePatches, bootstrap: Bootstrap) throws {
    try set.checkSameSize(as: reference)
    rateWassersteinCMPerYear = try Self.distance(
      set.patches, reference.patches, bootstrap: bootstrap)
    let size = set.size
    gradientWassersteinCMPerYearPixel = try Self.distance(
      set.map { PatchGradient.magnitudes($0, size: size) },
      reference.map { PatchGradient.magnitudes($0, size: size) }, bootstrap: bootstrap)
    logSpectralDistanceDecades = try RadialSpectrum(set, bootstrap: bootstrap)
      .logDistance(to: RadialSpectrum(reference, bootstrap: bootstrap))
  }

  /// Counted in bins of 1/4096 of the common range: the error of the distance is far below a bin,
  /// and resampling is fast.
  static func distance(
    _ a: [[Float]], _ b: [[Float]], bootstrap: Bootstrap
  ) throws -> Estimate {
    let bins = try Bins(covering: a + b, count: binCount)
    return Wasserstein.distance(
      BinnedPatches(a, bins: bins), BinnedPatches(b, bins: bins), bootstrap: bootstrap)
  }
}
