import InSARPhase
import Settings
import StackFiles

/// An interferogram of a map, as the page asks for it.
///
/// It becomes settings of `ganinsar compose`, from which both the picture and the command are made.
struct PhaseRequest: Sendable, Equatable {
  var sensor = Sensor.sentinel1
  /// The time between the two images, in repeat intervals of the sensor.
  var repeats = 2
  var perpendicularBaselineMeters = 0.0
  var pixelSizeMeters = 30.0
  /// Rms difference of the atmosphere of one date at 1 km, in m; `nil` without atmosphere.
  var atmosphereMeters: Double? = Turbulence().rmsDifferenceMeters
  var hasNoise = true
  var hasRamp = false
  var hasHeightError = false
  /// What the 99.5th percentile of |rate| becomes; `nil`: rates stay.
  var p995CMPerYear: Double?
  var seed: UInt64 = 0

  static let names = [
    "sensor", "repeats", "baseline", "pixel", "atmosphere", "noise", "ramp", "heightError", "p995",
    "phaseSeed",
  ]
  static let greatestRepeats = 60

  init() {}

  /// - Throws: `StudioError.parameter`.
  init(_ query: QueryParameters) throws {
    if let name = query.text("sensor") {
      guard let sensor = Sensor(rawValue: name) else {
        throw StudioError.parameter(
          name: "sensor", value: name,
          remedy: "use \(Sensor.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      self.sensor = sensor
    }
    repeats = try query.integer("repeats", in: 1...Self.greatestRepeats) ?? repeats
    perpendicularBaselineMeters = try query.number("baseline", in: -5000...5000) ?? 0
    pixelSizeMeters = try query.number("pixel", in: 1...1000) ?? pixelSizeMeters
    if let millimeters = try query.number("atmosphere", in: 0...100) {
      atmosphereMeters = millimeters > 0 ? millimeters / 1000 : nil
    }
    hasNoise = try query.flag("noise") ?? hasNoise
    hasRamp = try query.flag("ramp") ?? hasRamp
    hasHeightError = try query.flag("heightError") ?? hasHeightError
    p995CMPerYear = try query.number("p995", in: 0.01...10_000)
    seed = try query.seed("phaseSeed") ?? 0
  }

  var days: Int { repeats * sensor.repeatIntervalDays }

  private var components: [PhaseComponent] {
    [
      .deformation, hasHeightError ? .topographicError : nil,
      atmosphereMeters == nil ? nil : .turbulence, hasRamp ? .orbitalRamp : nil,
      hasNoise ? .decorrelation : nil,
    ].compactMap { $0 }
  }

  /// What `compose --set` is given.
  var settings: [String] {
    var settings = [
      "sensor=\(sensor.rawValue)", "network.count=2", "network.everyRepeats=\(repeats)",
      "network.perpendicularBaselinesMeters=[0,\(perpendicularBaselineMeters.short)]",
      "model.components=[\(components.map(\.rawValue).joined(separator: ","))]",
    ]
    func add(_ key: String, _ value: Double?, unless usual: Double? = nil) {
      if let value, value != usual { settings.append("\(key)=\(value.short)") }
    }
    add(
      "model.turbulence.rmsDifferenceMeters", atmosphereMeters,
      unless: Turbulence().rmsDifferenceMeters)
    add("geometry.pixelSizeMeters", pixelSizeMeters, unless: 30)
    add("rates.p995CMPerYear", p995CMPerYear)
    return settings
  }

  /// - Throws: `RunError.configuration`.
  func configuration() throws -> ComposeConfiguration {
    try ConfigurationOverlay.resolve(
      defaults: ComposeConfiguration(), sets: settings + ["seed=\(seed)"])
  }

  /// The arguments of `ganinsar` that make this interferogram of the rate map in a file.
  func arguments(rateMap: String, output: String = "stack") -> [String] {
    ["compose", rateMap, "-o", output, "--seed", "\(seed)"] + settings.flatMap { ["--set", $0] }
  }
}
