/// The result of an inversion. Planes are row-major and have the stack's shape; a value is NaN if
/// the pixel has too few interferograms.
public struct RateEstimate: Sendable, Equatable {
  /// In the line of sight, positive toward the satellite.
  public internal(set) var rateCMPerYear: [Float] = []
  /// One standard deviation, from the residuals; interferograms with a common date are treated as
  /// independent, so it is too small for noise that is common to a date.
  public internal(set) var rateStandardErrorCMPerYear: [Float] = []
  /// True height minus DEM height; empty if it was not estimated.
  public internal(set) var demErrorMeters: [Float] = []
  public internal(set) var demErrorStandardErrorMeters: [Float] = []
  /// Weighted root mean square of the residual phases.
  public internal(set) var residualRadians: [Float] = []
  /// Number of interferograms with data.
  public internal(set) var interferogramCount: [Int32] = []

  mutating func append(_ other: RateEstimate) {
    rateCMPerYear += other.rateCMPerYear
    rateStandardErrorCMPerYear += other.rateStandardErrorCMPerYear
    demErrorMeters += other.demErrorMeters
    demErrorStandardErrorMeters += other.demErrorStandardErrorMeters
    residualRadians += other.residualRadians
    interferogramCount += other.interferogramCount
  }
}

/// The result of the estimation from wrapped phases.
public struct WrappedRateEstimate: Sendable, Equatable {
  /// In the line of sight, positive toward the satellite.
  public internal(set) var rateCMPerYear: [Float] = []
  /// True height minus DEM height; empty if it was not estimated.
  public internal(set) var demErrorMeters: [Float] = []
  /// |sum w exp(i residual)| / sum w, in [0, 1]: 1 where the model explains every phase.
  public internal(set) var temporalCoherence: [Float] = []
  /// Number of pixels without an estimate because their interferograms do not separate the
  /// unknowns.
  public internal(set) var singularCount = 0
  /// Number of pixels without an estimate because their best value lies on or beyond the limit of
  /// the search.
  public internal(set) var limitCount = 0

  /// Number of pixels without an estimate because another rate within the limits fits equally well.
  public internal(set) var ambiguousCount = 0

  mutating func append(_ other: WrappedRateEstimate) {
    ambiguousCount += other.ambiguousCount
    singularCount += other.singularCount
    limitCount += other.limitCount
    rateCMPerYear += other.rateCMPerYear
    demErrorMeters += other.demErrorMeters
    temporalCoherence += other.temporalCoherence
  }
}
