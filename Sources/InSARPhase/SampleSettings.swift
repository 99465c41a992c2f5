import Kernel

/// Settings of samples for machine learning; every sample is one interferogram.
public struct SampleSettings: Sendable, Equatable, Codable {
  /// Rows and columns.
  public var size = 256
  public var pixelSizeMeters = 90.0
  public var sensor = Sensor.sentinel1
  public var model = SampleSettings.defaultModel
  /// Intervals are multiples of the sensor's repeat interval; the factor is drawn from 1 to this
  /// number.
  public var maximumIntervals = 8
  /// Perpendicular baselines are drawn from N(0, `baselineDeviationMeters`).
  public var baselineDeviationMeters = 80.0
  /// Ratio of the size of the grid for random fields to that of a sample; at 1, fields are
  /// periodic.
  public var padding = 1.125

  public init() {}

  private static var defaultModel: PhaseModel {
    var model = PhaseModel()
    model.components = [.deformation, .turbulence, .orbitalRamp, .decorrelation]
    return model
  }

  /// - Throws: `InSARPhaseError.settings` with all faults.
  public func validate() throws {
    try model.validate()
    var check = ParameterCheck()
    check.inside("size", Double(size), 4...8192)
    check.positive("pixelSizeMeters", pixelSizeMeters)
    check.inside("maximumIntervals", Double(maximumIntervals), 1...10_000)
    check.notNegative("baselineDeviationMeters", baselineDeviationMeters)
    check.inside("padding", padding, 1...4)
    check.require(
      !model.has(.stratification) || model.stratification.law == .linear,
      "model.stratification.law is power_law; samples support only the linear law")
    check.require(
      !model.has(.decorrelation) || model.decorrelation.consistency == .perPair,
      "model.decorrelation.consistency is per_date; samples are single pairs")
    try check.throwFaults()
  }
}

/// The random parameters of one sample, besides its fields.
public struct SampleParameters: Sendable, Equatable, Codable {
  public let index: Int
  /// Days from 1 January to the reference date.
  public let dayOfYear: Double
  public let days: Double
  public let perpendicularBaselineMeters: Double
  /// That of open ground.
  public let coherence: Double
  /// Secondary minus reference.
  public let stratificationRadiansPerKilometer: Double
  /// a, b and, for a quadratic ramp, c, d, e; secondary minus reference.
  public let rampRadians: [Double]
}
