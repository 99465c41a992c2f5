import DurableFiles
import Foundation
import InSARPhase
import Kernel
import RasterIO
import Rasters
import RunSupport
import StackFiles

/// Makes interferogram stacks from rate maps, as `ganinsar compose` does.
package struct StackComposition: Sendable {
  /// Rasters that are resampled to the grid of each rate map.
  package struct Rasters: Sendable, Equatable {
    /// Heights in m.
    package var dem: String?
    /// True height minus DEM height in m; drawn at random if `nil`.
    package var heightError: String?
    /// Factors of the coherence, 0 to 1.
    package var coherence: String?

    package init(dem: String? = nil, heightError: String? = nil, coherence: String? = nil) {
      self.dem = dem
      self.heightError = heightError
      self.coherence = coherence
    }
  }

  package var rates: RateMaps
  package var configuration: ComposeConfiguration
  package var rasters: Rasters
  let network: InterferogramNetwork

  /// - Throws: `InSARPhaseError` if the network cannot be built.
  package init(
    rates: RateMaps, configuration: ComposeConfiguration, rasters: Rasters = Rasters()
  ) throws {
    self.rates = rates
    self.configuration = configuration
    self.rasters = rasters
    network = try configuration.interferogramNetwork()
  }

  /// Number of interferograms of all rate maps.
  package var interferogramCount: Int { rates.entries.count * network.pairs.count }

  /// Number of interferograms of a shard, which consists of whole stacks.
  package func interferogramCount(of shard: JobShard) -> Int {
    shard.range(of: rates.entries.count).count * network.pairs.count
  }

  /// A stack that is ready to make its interferograms, and its description.
  struct Prepared {
    var stack: InterferogramStack
    var description: StackDescription
    /// The input files, by name.
    var inputs: [StackManifest.Checksum]
    /// How the unit and the sign of the rate map were determined.
    var reading: RateReading
  }

  /// - Throws: `RasterError`, `StackIOError.gridsDiffer` for a DEM that does not cover the rate map,
  ///   `InSARPhaseError`.
  func prepare(_ index: Int) throws -> Prepared {
    let map = try rates.load(index)
    let rate = map.raster
    let geometry = try configuration.stackGeometry(
      width: rate.width, height: rate.height,
      pixelSizeMeters: rate.georeference?.groundPixelSizeMeters)
    let dem = try plane(rasters.dem, "height", over: rate)
    let demError = try plane(rasters.heightError, "height error", over: rate)
    let coherence = try coherencePlane(over: rate)
    let stack = try InterferogramStack(
      rateCMPerYear: rate.values, demMeters: dem, demErrorMeters: demError,
      coherenceMap: coherence, geometry: geometry, network: network, model: configuration.model,
      seed: seed(index))
    var truth = [
      TruthPlane(
        name: "rate", unit: "cm/yr", meaning: "line-of-sight rate, positive toward the satellite",
        values: rate.values)
    ]
    if let values = stack.demErrorMeters {
      truth.append(
        TruthPlane(
          name: "height_error", unit: "m", meaning: "true height minus DEM height", values: values))
    }
    if let dem {
      truth.append(TruthPlane(name: "dem", unit: "m", meaning: "height of the DEM", values: dem))
    }
    let reference =
      rate.values.indices.filter { rate.values[$0].isFinite }
      .min { abs(rate.values[$0]) < abs(rate.values[$1]) } ?? 0
    let description = StackDescription(
      network: network, geometry: geometry, georeference: rate.georeference,
      sensor: configuration.sensor, equivalentLooks: configuration.model.decorrelation.looks,
      components: stack.components, truth: truth,
      referencePixel: (reference / rate.width, reference % rate.width))
    let inputs = try files([rates.entries[index].path]).map { path in
      StackManifest.Checksum(
        file: FilePath.name(path), sha256: try SHA256.hex(ofFile: path))
    }
    return Prepared(
      stack: stack, description: description, inputs: inputs,
      reading: RateReading(rates.reader.options, map.description))
  }

  /// The files of the rate maps and of the further rasters.
  func files(_ rates: [String]) -> [String] {
    rates + [rasters.dem, rasters.heightError, rasters.coherence].compactMap { $0 }
  }

  /// The first map uses the seed itself; each other map has its own seed.
  func seed(_ index: Int) -> UInt64 {
    guard index > 0 else { return configuration.seed }
    var random = CounterRandom(configuration.seed, .stackSeeds, UInt64(index))
    return random.next()
  }

  private func plane(_ path: String?, _ what: String, over rate: Raster) throws -> [Float]? {
    guard let path else { return nil }
    let scene = try RasterReader.read(path)
    try scene.refuseUndeclaredFills()
    let values = try scene.raster.warped(onto: RasterGrid(rate), path: path).values
    let needed = rate.values.indices.filter { rate.values[$0].isFinite }
    let holes = needed.count { !values[$0].isFinite }
    guard holes == 0 else {
      throw StackIOError.gridsDiffer(
        path: path,
        reason: "it has no \(what) in \(holes) of the \(needed.count) pixels with a rate",
        remedy: "Give a raster that covers the rate map, or cut the rate map.")
    }
    return values
  }

  private func coherencePlane(over rate: Raster) throws -> [Float]? {
    guard var values = try plane(rasters.coherence, "coherence", over: rate) else { return nil }
    if let bad = values.first(where: { $0 < 0 || $0 > 1 }) {
      throw StackIOError.gridsDiffer(
        path: rasters.coherence!, reason: "a coherence is \(bad)",
        remedy: "Give values from 0 to 1.")
    }
    for pixel in values.indices where values[pixel].isNaN { values[pixel] = 0 }
    return values
  }
}
