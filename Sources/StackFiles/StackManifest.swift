import Foundation
import InSARPhase
import Rasters

/// `manifest.json` of a stack folder, which describes every file in it.
public struct StackManifest: Codable, Sendable, Equatable {
  public static let fileName = "manifest.json"

  public struct Layer: Codable, Sendable, Equatable {
    public var name: String
    public var unit: String
    public var meaning: String
  }

  public struct Pair: Codable, Sendable, Equatable {
    /// The folder with this interferogram's layers.
    public var name: String
    public var referenceDate: AcquisitionDate
    public var secondaryDate: AcquisitionDate
    public var days: Int
    public var perpendicularBaselineMeters: Double
  }

  static let currentVersion = 1

  /// A file and its checksum. A list of these has the same order in every run.
  public struct Checksum: Codable, Sendable, Equatable {
    public var file: String
    public var sha256: String

    package init(file: String, sha256: String) {
      (self.file, self.sha256) = (file, sha256)
    }
  }

  public var formatVersion = currentVersion
  public var content = "interferogram stack"
  /// Version and commit of the program that wrote it; `nil` in manifests of earlier versions.
  public var program: String?
  public var signConvention = StackDescription.signConvention
  public var rasters = "float32 .npy [rows, columns], row 0 in the north, NaN where no data"
  public var sensor: Sensor
  public var geometry: StackGeometry
  public var georeference: Georeference?
  public var equivalentLooks: Double
  public var referencePixelRow: Int
  public var referencePixelColumn: Int
  /// `<pair>/<name>.npy` for every pair.
  public var layers: [Layer]
  /// `<name>.npy`: the ground truth.
  public var truth: [Layer]
  public var network: InterferogramNetwork
  public var pairs: [Pair]
  /// Folders with the same stack in the layouts of other programs.
  public var formats: [StackFormat]
  public var configuration: ComposeConfiguration?
  /// The seed of this stack; with several rate maps, each stack has its own.
  public var stackSeed: UInt64?
  /// The `RandomStream.edition` of the stack.
  public var randomStreams: Int?
  /// Where the heights come from; absent without heights.
  public var heights: RasterOrigin?
  /// Where the coherence map comes from; absent without one.
  public var coherence: RasterOrigin?
  /// Where the delay of each date comes from; absent where turbulence is drawn.
  public var atmosphere: [DateOrigin]?
  /// How the rate map was read.
  public var rateReading: RateReading?
  /// The input rate map and other rasters, with their SHA-256.
  public var inputs: [Checksum]
  /// SHA-256 of each `.npy`, by its path in the folder.
  public var checksums: [Checksum]

  package init(_ stack: StackDescription) {
    sensor = stack.sensor
    geometry = stack.geometry
    georeference = stack.georeference
    equivalentLooks = stack.equivalentLooks
    referencePixelRow = stack.referencePixel.row
    referencePixelColumn = stack.referencePixel.column
    layers = stack.layers.map {
      Layer(name: $0.name, unit: $0.unit, meaning: $0.meaning)
    }
    truth = stack.truth.map { Layer(name: $0.name, unit: $0.unit, meaning: $0.meaning) }
    network = stack.network
    pairs = stack.network.pairs.map { pair in
      Pair(
        name: stack.network.name(pair), referenceDate: stack.network.dates[pair.reference],
        secondaryDate: stack.network.dates[pair.secondary], days: stack.network.days(pair),
        perpendicularBaselineMeters: stack.network.perpendicularBaselineMeters(pair))
    }
    heights = stack.heights
    coherence = stack.coherence
    atmosphere = stack.atmosphere
    formats = []
    inputs = []
    checksums = []
  }
}

extension KeyedDecodingContainer {
  /// Settings in a manifest of another version may have other keys; such a stack can still be read.
  func decodeIfPresent(_ type: ComposeConfiguration.Type, forKey key: Key) throws
    -> ComposeConfiguration?
  {
    guard contains(key), try !decodeNil(forKey: key) else { return nil }
    do { return try decode(type, forKey: key) } catch is DecodingError { return nil }
  }
}

/// A kind of plane that each interferogram of a stack has.
package enum StackLayer: Equatable {
  case unwrapped, wrapped, filtered, coherence
  case component(PhaseComponent)

  package static func all(_ components: [PhaseComponent], isFiltered: Bool) -> [StackLayer] {
    [.unwrapped, .wrapped] + (isFiltered ? [.filtered] : []) + [.coherence]
      + components.map(StackLayer.component)
  }

  package var name: String {
    switch self {
    case .unwrapped: "unwrapped"
    case .wrapped: "wrapped"
    case .filtered: "filtered"
    case .coherence: "coherence"
    case .component(let component): component.rawValue
    }
  }

  package var unit: String { self == .coherence ? "1" : "rad" }

  package var meaning: String {
    switch self {
    case .unwrapped: "sum of the components"
    case .wrapped: "unwrapped in [-pi, pi)"
    case .filtered: "wrapped after the Goldstein filter, in [-pi, pi)"
    case .coherence: "magnitude of the complex correlation, 0 to 1"
    case .component(let component): component.meaning
    }
  }

  /// [height x width]; zeros for a component that the interferogram does not have.
  package func values(_ interferogram: Interferogram) -> [Float] {
    switch self {
    case .unwrapped: interferogram.unwrappedRadians
    case .wrapped: interferogram.wrappedRadians
    case .filtered: interferogram.filteredRadians ?? interferogram.wrappedRadians
    case .coherence: interferogram.coherence
    case .component(let component):
      interferogram.componentsRadians[component]
        ?? [Float](repeating: 0, count: interferogram.width * interferogram.height)
    }
  }
}
