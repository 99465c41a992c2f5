import InSARPhase
import Rasters

/// One simulated map with its layers and parameters.
public struct SimulatedSample: Sendable {
  public let grid: SceneGrid
  /// Rate in the line of sight in cm/yr, positive toward the satellite; row-major, row 0 in the north.
  public let rateCMPerYear: [Float]
  /// East, north and up rates if the preset is physical; `nil` if it is defined in the line of
  /// sight.
  public let components: DeformationField?
  /// Further rasters of the preset: coherence, atmosphere, phases, dates of a series.
  public let layers: [SampleLayer]
  /// All random parameters of this sample.
  public let record: any Encodable & Sendable

  public init(
    grid: SceneGrid, rateCMPerYear: [Float], components: DeformationField? = nil,
    layers: [SampleLayer] = [], record: any Encodable & Sendable
  ) {
    self.grid = grid
    self.rateCMPerYear = rateCMPerYear
    self.components = components
    self.layers = layers
    self.record = record
  }

  /// East, north and up as layers; empty if the preset is not physical.
  public var componentLayers: [SampleLayer] {
    guard let components else { return [] }
    return [
      SampleLayer("east", .centimetersPerYear, components.eastCMPerYear),
      SampleLayer("north", .centimetersPerYear, components.northCMPerYear),
      SampleLayer("up", .centimetersPerYear, components.upCMPerYear),
    ]
  }

  public var isFinite: Bool {
    rateCMPerYear.allSatisfy(\.isFinite)
      && (layers + componentLayers).allSatisfy { $0.values.allSatisfy(\.isFinite) }
  }
}

/// A further raster of a sample, of the grid's shape.
public struct SampleLayer: Sendable, Equatable {
  /// Lower case with hyphens: it becomes part of a file name.
  public let name: String
  /// `nil` for pure numbers such as coherence.
  public let unit: RasterUnit?
  public let values: [Float]

  public init(_ name: String, _ unit: RasterUnit?, _ values: [Float]) {
    self.name = name
    self.unit = unit
    self.values = values
  }
}

/// The conversion of a preset that was published in phase to a rate: it is treated as an
/// interferogram of one wavelength over one interval.
public struct PhaseReading: Codable, Sendable, Equatable {
  public var sensor: Sensor
  public var wavelengthMeters: Double
  public var intervalDays: Double

  public init(
    _ sensor: Sensor = .sentinel1, intervalDays: Double = DeformationPhase.daysPerYear
  ) {
    self.sensor = sensor
    wavelengthMeters = sensor.wavelengthMeters
    self.intervalDays = intervalDays
  }

  /// Negative, because motion toward the satellite lowers the phase.
  public var cmPerYearPerRadian: Double {
    -wavelengthMeters * 100 / (4 * .pi) * DeformationPhase.daysPerYear / intervalDays
  }

  func rateCMPerYear(radians: [Float]) -> [Float] {
    let factor = Float(cmPerYearPerRadian)
    return radians.map { $0 * factor }
  }

  func radians(rateCMPerYear: [Float]) -> [Float] {
    let factor = Float(1 / cmPerYearPerRadian)
    return rateCMPerYear.map { $0 * factor }
  }
}
