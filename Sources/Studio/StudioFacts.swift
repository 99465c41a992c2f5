import DurableFiles
import Foundation
import GANSampling
import InSARPhase
import Kernel
import Pictures
import TorchCore

/// The model of a studio, and where it came from.
package struct StudioModel: Sendable {
  /// A model file or a run folder.
  package var path: String
  package var device: DeviceChoice
  /// The device that the user named; `nil` for the default.
  var namedDevice: String?
  /// Whether the user named the model, so that commands have to.
  var isNamed: Bool

  /// - Parameter path: `nil` for the model for large maps that ships.
  /// - Throws: `SamplingError.noModel`.
  package init(_ path: String?, device: DeviceChoice?) throws {
    self.path = try path ?? ShippedModel.locate(for: nil, isWindow: true)
    isNamed = path != nil
    self.device = device ?? .auto
    namedDevice = device.map { "\($0)" }
  }

  /// The command line of a map, with the model only where `generate` would take another.
  func arguments(_ request: MapRequest) -> [String] {
    let isUsual = !isNamed && (try? ShippedModel.locate(for: request.size)) == path
    return request.arguments(model: isUsual ? nil : path, device: namedDevice)
  }
}

/// What the page has to know before it asks for a map.
struct StudioFacts: Encodable, Sendable {
  struct Controls: Encodable {
    var spread: [Double]
    var mean: [Double]
    var quietFraction: [Double]?
    var scenes: [String]
  }
  struct SensorFacts: Encodable {
    var name: String
    var repeatDays: Int
    var wavelengthCM: Double
  }

  var program = ProgramVersion.name
  var model: String
  var sha256: String
  var trainedOn: [String]
  /// Side in pixels.
  var defaultSize: Int
  var sizes: [Int]
  /// `nil` for a model of fixed size.
  var controls: Controls?
  var sensors = Sensor.allCases.map {
    SensorFacts(
      name: $0.rawValue, repeatDays: $0.repeatIntervalDays, wavelengthCM: $0.wavelengthMeters * 100)
  }
  var greatestRepeats = PhaseRequest.greatestRepeats
  var usualRepeats = PhaseRequest().repeats
  var atmosphereMM = Turbulence().rmsDifferenceMeters * 1000
  /// Color tables by name, each 512 times red, green and blue in base64.
  var colors: [String: String] = [
    MapKind.diverging.rawValue: Self.table(.diverging),
    MapKind.cyclic.rawValue: Self.table(.cyclic),
    MapKind.coherence.rawValue: Self.table(.gray),
  ]
  /// The color of missing values.
  var noData = ColorMap.missing
  /// The name of the real maps; `nil` without.
  var real: String?

  private static let usualSizes = [64, 96, 128, 192, 256, 384, 512]
  /// The side of the first map: one that every computer draws in a moment.
  private static let firstSize = 128

  init(_ model: RateMapModel, _ source: StudioModel, real: RealMaps?) {
    let own = model.defaultSize.width
    self.model = source.isNamed ? source.path : FilePath.name(source.path)
    sha256 = model.sha256
    trainedOn = model.scenes
    controls = model.controls.map {
      Controls(
        spread: [$0.spread.lowerBound, $0.spread.upperBound],
        mean: [$0.mean.lowerBound, $0.mean.upperBound],
        quietFraction: $0.quietFraction.map { [$0.lowerBound, $0.upperBound] }, scenes: $0.scenes)
    }
    let first = controls == nil ? own : min(own, Self.firstSize)
    defaultSize = first
    sizes = controls == nil ? [own] : Set(Self.usualSizes + [first]).sorted()
    self.real = real.map { FilePath.name($0.path) }
  }

  /// The map that the page shows first.
  var firstMap: MapRequest {
    var request = MapRequest()
    if controls != nil { request.size = MapSize(width: defaultSize, height: defaultSize) }
    return request
  }

  private static func table(_ map: ColorMap) -> String {
    Data(map.tableBytes).base64EncodedString()
  }
}
