import InSARPhase
import Kernel
import Settings

/// The settings of `compose`: defaults, then a YAML file, then `--set`.
public struct ComposeConfiguration: Codable, Sendable, Equatable, Validatable {
  public var sensor = Sensor.sentinel1
  /// The same seed gives the same stack.
  public var seed: UInt64 = 0
  public var network = Network()
  public var geometry = Geometry()
  /// Components and their settings.
  public var model = PhaseModel()
  /// Heights of rate maps without a DEM.
  public var heights = SyntheticHeights()
  public var rates = RateChanges()
  public var reference = ReferenceChoice()
  public var mask = NoDataMask()

  public init() {}

  /// The dates, and the pairs of dates that form interferograms.
  public struct Network: Codable, Sendable, Equatable {
    /// Explicit dates, YYYYMMDD; `start`, `count` and `everyDays` are then ignored.
    public var dates: [AcquisitionDate]?
    /// One for each date, in m; drawn at random if `nil`.
    public var perpendicularBaselinesMeters: [Double]?
    public var start = AcquisitionDate.firstOf2020
    public var count = 20
    /// The first date is this number of days after `start`.
    public var startOffsetDays = 0
    /// `nil` for the sensor's repeat interval times `everyRepeats`.
    public var everyDays: Int?
    public var everyRepeats = 1
    public var baselineStandardDeviationMeters = 100.0
    public var maximumDays: Double?
    public var maximumPerpendicularBaselineMeters: Double?
    /// Maximum number of later dates that each date is paired with.
    public var maximumConnections: Int? = 3

    public init() {}
  }

  /// Values that replace those of the sensor.
  public struct Geometry: Codable, Sendable, Equatable {
    public var wavelengthMeters: Double?
    public var incidenceDegrees: Double?
    public var slantRangeMeters: Double?
    /// Heading clockwise from north: about -12 for ascending, -168 for descending passes.
    public var headingDegrees: Double?
    /// Pixel size in m; if `nil`, that of the rate map's georeference, or 30 without one.
    public var pixelSizeMeters: Double?

    public init() {}
  }

  public func faults() -> [String] {
    var faults: [String] = []
    func collect(_ group: String, _ body: () throws -> Void) {
      do {
        try body()
      } catch InSARPhaseError.settings(let found) {
        faults += found.map { "\(group).\($0)" }
      } catch {
        faults.append("\(group): \(error)")
      }
    }
    collect("model") { try model.validate() }
    collect("heights") { try heights.validate() }
    collect("geometry") { _ = try stackGeometry(width: 1, height: 1, pixelSizeMeters: nil) }
    collect("network") { _ = try interferogramNetwork() }
    var check = ParameterCheck()
    rates.check(&check)
    mask.check(&check)
    return faults + check.faults
  }
}

extension ComposeConfiguration {
  /// The network of these settings.
  /// - Throws: `InSARPhaseError` for invalid dates, and for a disconnected network.
  public func interferogramNetwork() throws -> InterferogramNetwork {
    let limits = NetworkLimits(
      maximumDays: network.maximumDays,
      maximumPerpendicularBaselineMeters: network.maximumPerpendicularBaselineMeters,
      maximumConnections: network.maximumConnections)
    // A product that is out of range is found as such below.
    let everyDays =
      network.everyDays
      ?? sensor.repeatIntervalDays * min(max(network.everyRepeats, 0), 1_000_000)
    if network.dates == nil, network.perpendicularBaselinesMeters == nil {
      return try InterferogramNetwork(
        start: network.start.adding(days: network.startOffsetDays), count: network.count,
        everyDays: everyDays,
        baselineStandardDeviationMeters: network.baselineStandardDeviationMeters, seed: seed,
        limits: limits)
    }
    let dates =
      try network.dates
      ?? InterferogramNetwork(
        start: network.start.adding(days: network.startOffsetDays), count: network.count,
        everyDays: everyDays, baselineStandardDeviationMeters: 0, seed: seed
      ).dates
    let baselines = try network.perpendicularBaselinesMeters ?? drawnBaselines(dates.count)
    guard baselines.count == dates.count else {
      throw InSARPhaseError.settings(
        faults: [
          "perpendicularBaselinesMeters has \(baselines.count) entries for \(dates.count) dates; "
            + "give one for each"
        ])
    }
    return try InterferogramNetwork(
      acquisitions: zip(dates, baselines).map {
        Acquisition(date: $0, perpendicularBaselineMeters: $1)
      }, limits: limits)
  }

  /// The sensor's geometry with the replaced values.
  package func stackGeometry(width: Int, height: Int, pixelSizeMeters: Double?) throws
    -> StackGeometry
  {
    let nominal = RadarGeometry(sensor)
    let radar = try RadarGeometry(
      wavelengthMeters: geometry.wavelengthMeters ?? nominal.wavelengthMeters,
      incidenceDegrees: geometry.incidenceDegrees ?? nominal.incidenceDegrees,
      slantRangeMeters: geometry.slantRangeMeters ?? nominal.slantRangeMeters,
      headingDegrees: geometry.headingDegrees ?? nominal.headingDegrees, look: nominal.look,
      rangeBandwidthHertz: nominal.rangeBandwidthHertz)
    return try StackGeometry(
      width: width, height: height,
      pixelSizeMeters: geometry.pixelSizeMeters ?? pixelSizeMeters ?? 30, radar: radar)
  }

  /// Drawn as for dates at equal intervals.
  private func drawnBaselines(_ count: Int) throws -> [Double] {
    try InterferogramNetwork(
      start: network.start, count: max(2, count), everyDays: 1,
      baselineStandardDeviationMeters: network.baselineStandardDeviationMeters, seed: seed
    ).acquisitions.prefix(count).map(\.perpendicularBaselineMeters)
  }
}
