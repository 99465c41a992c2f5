/// What an inversion finds at each pixel. Planes are row-major and of the stack's shape; NaN where a
/// pixel has too few interferograms for the value.
public struct RateEstimate: Sendable, Equatable {
  /// In the line of sight, positive toward the satellite.
  public internal(set) var rateCMPerYear: [Float] = []
  /// One standard deviation, from the residuals; interferograms that share dates are taken as
  /// independent, so that it is too small where noise belongs to dates.
  public internal(set) var rateStandardErrorCMPerYear: [Float] = []
  /// True height minus DEM height; empty when it was not estimated.
  public internal(set) var heightErrorMeters: [Float] = []
  public internal(set) var heightErrorStandardErrorMeters: [Float] = []
  /// Weighted root mean square of what the estimate leaves of the phase.
  public internal(set) var residualRadians: [Float] = []
  /// Interferograms with data.
  public internal(set) var interferogramCount: [Int32] = []

  mutating func append(_ other: RateEstimate) {
    rateCMPerYear += other.rateCMPerYear
    rateStandardErrorCMPerYear += other.rateStandardErrorCMPerYear
    heightErrorMeters += other.heightErrorMeters
    heightErrorStandardErrorMeters += other.heightErrorStandardErrorMeters
    residualRadians += other.residualRadians
    interferogramCount += other.interferogramCount
  }
}

/// What the estimate from wrapped phases finds at each pixel.
public struct WrappedRateEstimate: Sendable, Equatable {
  /// In the line of sight, positive toward the satellite.
  public internal(set) var rateCMPerYear: [Float] = []
  /// True height minus DEM height; empty when it was not estimated.
  public internal(set) var heightErrorMeters: [Float] = []
  /// |sum w exp(i residual)| / sum w, in [0, 1]: 1 where the model explains every phase.
  public internal(set) var temporalCoherence: [Float] = []
  /// Pixels without an estimate because their interferograms do not tell the unknowns apart.
  public internal(set) var singularCount = 0
  /// Pixels without an estimate because their best value lies on the search's limit or beyond.
  public internal(set) var limitCount = 0

  /// Pixels without an estimate because another rate within the limits fits as well.
  public internal(set) var ambiguousCount = 0

  mutating func append(_ other: WrappedRateEstimate) {
    ambiguousCount += other.ambiguousCount
    singularCount += other.singularCount
    limitCount += other.limitCount
    rateCMPerYear += other.rateCMPerYear
    heightErrorMeters += other.heightErrorMeters
    temporalCoherence += other.temporalCoherence
  }
}
