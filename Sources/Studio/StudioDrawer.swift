import DurableFiles
import Foundation
import GANModel
import GANSampling
import InSARPhase
import Jobs
import Kernel
import RasterIO
import Rasters
import TorchCore

/// Draws what requests ask for. Not Sendable, as tensors are not: it stays on one thread.
final class StudioDrawer {
  let source: StudioModel
  private let model: RateMapModel
  private let real: RealMaps?
  private var cache = MapCache(capacityBytes: 64 << 20)

  /// Time in s after which a map is given up.
  static let limitSeconds = 20

  init(_ source: StudioModel, real: RealMaps?) throws {
    self.source = source
    self.real = real
    model = try RateMapModel(contentsOf: source.path, device: Device(source.device))
    try Self.check(model.quantity, of: source.path)
  }

  /// - Throws: `StudioError.otherQuantity` for anything but rates.
  static func check(_ quantity: Quantity, of path: String) throws {
    guard quantity == .rate else {
      throw StudioError.otherQuantity(path: path, quantity: quantity.rawValue)
    }
  }

  var facts: StudioFacts { StudioFacts(model, source, real: real) }

  /// The answer to a request.
  /// - Throws: `StudioError`; the errors of the networks.
  func draw(_ work: StudioWork) throws -> Data {
    do {
      return switch work {
      case .map(let request): try mapAnswer(request)
      case .interferogram(let request, let phase): try phaseAnswer(request, phase)
      case .realMap(let index, let side): try realAnswer(index, side: side)
      }
    } catch let error as StudioError {
      throw error
    } catch RunError.interrupted {
      throw StudioError.stopping
    } catch  where error is SamplingError || error is FieldError || error is InSARPhaseError {
      throw StudioError.request("\(error)")
    } catch RunError.configuration(let faults) {
      throw StudioError.request(faults.joined(separator: "; "))
    }
  }

  // MARK: Maps

  private func map(_ request: MapRequest) throws -> DrawnMap {
    if let map = cache[request.key] { return map }
    let size = try model.size(asked: request.size, request.options)
    let start = ContinuousClock.now
    let end = start + .seconds(Self.limitSeconds)
    let drawn = try model.maps(
      request.index..<request.index + 1, seed: request.seed, size: size, request.options
    ) {
      try Interruption.check()
      if ContinuousClock.now > end { throw StudioError.slow(seconds: Self.limitSeconds) }
    }
    guard let first = drawn.first, first.values.allSatisfy(\.isFinite) else {
      throw SamplingError.notFinite(sample: request.index, model: source.path)
    }
    let map = DrawnMap(
      size: size, values: first.values, rejected: first.rejected,
      milliseconds: Int((ContinuousClock.now - start) / .milliseconds(1)))
    cache[request.key] = map
    return map
  }

  private struct MapFacts: Encodable {
    var command: String
    var file: String
    var milliseconds: Int
    /// Maps that were drawn again because of their rates.
    var rejected: Int
  }

  private func mapAnswer(_ request: MapRequest) throws -> Data {
    let map = try map(request)
    var answer = PlaneAnswer(width: map.size.width, height: map.size.height)
    answer.add("rate", unit: RasterUnit.centimetersPerYear.rawValue, .diverging, map.values)
    return try answer.data(
      MapFacts(
        command: ShellCommand.text(source.arguments(request)), file: request.fileName,
        milliseconds: map.milliseconds, rejected: map.rejected))
  }

  // MARK: Interferograms

  private struct PhaseFacts: Encodable {
    var command: String
    var days: Int
    var wavelengthCM: Double
    var dates: String
  }

  private func phaseAnswer(_ request: MapRequest, _ phase: PhaseRequest) throws -> Data {
    let map = try map(request)
    let configuration = try phase.configuration()
    let rate = Raster(
      width: map.size.width, height: map.size.height, values: map.values,
      unit: .centimetersPerYear, georeference: nil)
    guard
      let interferogram = try StackComposition.interferograms(
        of: rate, configuration: configuration
      ).first
    else { throw StudioError.request("the settings give no interferogram: use two dates") }
    let network = try configuration.interferogramNetwork()
    var answer = PlaneAnswer(width: map.size.width, height: map.size.height)
    answer.add("wrapped", unit: "rad", .cyclic, interferogram.wrappedRadians)
    answer.add("unwrapped", unit: "rad", .diverging, interferogram.unwrappedRadians)
    if phase.hasNoise { answer.add("coherence", unit: "1", .coherence, interferogram.coherence) }
    if let atmosphere = interferogram.componentsRadians[.turbulence] {
      answer.add("atmosphere", unit: "rad", .diverging, atmosphere)
    }
    return try answer.data(
      PhaseFacts(
        command: ShellCommand.text(phase.arguments(rateMap: request.fileName)),
        days: network.days(network.pairs[0]), wavelengthCM: phase.sensor.wavelengthMeters * 100,
        dates: network.name(network.pairs[0])))
  }

  // MARK: Real maps

  private struct RealFacts: Encodable {
    var label: String
  }

  private func realAnswer(_ index: Int, side: Int) throws -> Data {
    guard let real else { throw StudioError.noRealMaps }
    let window = try real.window(index, side: side)
    var answer = PlaneAnswer(width: side, height: side)
    answer.add("rate", unit: RasterUnit.centimetersPerYear.rawValue, .diverging, window.values)
    return try answer.data(RealFacts(label: window.label))
  }
}

/// A map that was drawn.
struct DrawnMap {
  var size: MapSize
  /// In cm/yr.
  var values: [Float]
  var rejected: Int
  var milliseconds: Int
}

/// The maps that were drawn last, up to a number of bytes.
struct MapCache {
  private let capacityBytes: Int
  private var maps: [(key: String, map: DrawnMap)] = []

  init(capacityBytes: Int) { self.capacityBytes = capacityBytes }

  subscript(key: String) -> DrawnMap? {
    mutating get {
      guard let place = maps.lastIndex(where: { $0.key == key }) else { return nil }
      let found = maps.remove(at: place)
      maps.append(found)
      return found.map
    }
    set {
      maps.removeAll { $0.key == key }
      if let newValue { maps.append((key, newValue)) }
      while maps.count > 1, byteCount > capacityBytes { maps.removeFirst() }
    }
  }

  private var byteCount: Int { maps.reduce(0) { $0 + $1.map.values.count * 4 } }
}
