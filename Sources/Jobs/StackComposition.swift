import Datasets
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
    /// Heights in m, on the grid of the rate map or to be cropped.
    package var dem: String?
    /// True height minus DEM height in m; drawn at random if `nil`.
    package var heightError: String?
    /// Factors of the coherence, 0 to 1, likewise; a file or a folder of them.
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
  private let read = StackRasters()
  /// The coherence map, or those of the folder.
  private let coherencePaths: [String]

  /// - Throws: `InSARPhaseError` if the network cannot be built; `StackIOError.badJob` for a folder
  ///   without coherence maps; `RunError.cannotRead`.
  package init(
    rates: RateMaps, configuration: ComposeConfiguration, rasters: Rasters = Rasters()
  ) throws {
    self.rates = rates
    self.configuration = configuration
    self.rasters = rasters
    network = try configuration.interferogramNetwork()
    guard let path = rasters.coherence, FileSystem.isFolder(path) else {
      coherencePaths = rasters.coherence.map { [$0] } ?? []
      return
    }
    coherencePaths = try RateMapFolder(path).paths
    guard !coherencePaths.isEmpty else {
      throw StackIOError.badJob(
        faults: ["\(path) contains no coherence map (.tif, .tiff, .h5 or .npy)"])
    }
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
    let heights = try heights(over: rate, geometry, stackSeed: seed(index))
    let dem = heights?.values
    let demError = try plane(rasters.heightError, "height error", over: rate)
    let coherence = try coherence(over: rate, stackSeed: seed(index))
    let stack = try InterferogramStack(
      rateCMPerYear: rate.values, demMeters: dem, demErrorMeters: demError,
      coherenceMap: coherence?.values, geometry: geometry, network: network,
      model: configuration.model,
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
    var description = StackDescription(
      network: network, geometry: geometry, georeference: rate.georeference,
      sensor: configuration.sensor, equivalentLooks: configuration.model.decorrelation.looks,
      components: stack.components, truth: truth,
      referencePixel: (reference / rate.width, reference % rate.width))
    description.isFiltered = configuration.model.goldstein.alpha > 0
    description.heights = heights?.origin
    description.coherence = coherence?.origin
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
    rates + [rasters.dem, rasters.heightError].compactMap { $0 } + coherencePaths
  }

  /// The first map uses the seed itself; each other map has its own seed.
  func seed(_ index: Int) -> UInt64 {
    guard index > 0 else { return configuration.seed }
    var random = CounterRandom(configuration.seed, .stackSeeds, UInt64(index))
    return random.next()
  }

  private func plane(_ path: String?, _ what: String, over rate: Raster) throws -> [Float]? {
    guard let path else { return nil }
    let values = try read.raster(path).warped(onto: RasterGrid(rate), path: path).values
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

  /// Heights of the given DEM on the grid of the rate map, or of a crop of it; without a DEM, those
  /// of a synthetic surface if a component needs heights.
  private func heights(
    over rate: Raster, _ geometry: StackGeometry, stackSeed: UInt64
  ) throws -> StackRasters.Plane? {
    guard let path = rasters.dem else {
      guard configuration.model.has(.stratification) else { return nil }
      return StackRasters.Plane(
        values: try configuration.heights.meters(
          width: geometry.width, height: geometry.height,
          pixelSizeMeters: geometry.pixelSizeMeters, stackSeed: stackSeed),
        origin: RasterOrigin(kind: .synthetic))
    }
    guard StackRasters.fits(try read.raster(path), rate) else {
      return try read.heights(path, over: rate, stackSeed: stackSeed)
    }
    return try plane(path, "height", over: rate).map {
      StackRasters.Plane(
        values: $0, origin: RasterOrigin(kind: .file, file: FilePath.name(path)))
    }
  }

  private func coherence(over rate: Raster, stackSeed: UInt64) throws -> StackRasters.Plane? {
    guard let path = coherencePaths.first else { return nil }
    let isFolder = path != rasters.coherence
    guard !isFolder, StackRasters.fits(try read.raster(path), rate) else {
      return try read.coherence(coherencePaths, over: rate, stackSeed: stackSeed)
    }
    return try plane(path, "coherence", over: rate).map {
      StackRasters.Plane(
        values: try StackRasters.coherences($0, path: path),
        origin: RasterOrigin(kind: .file, file: FilePath.name(path)))
    }
  }
}
