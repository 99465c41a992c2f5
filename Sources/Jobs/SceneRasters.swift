import Datasets
import DurableFiles
import InSARPhase
import Patches
import RasterIO
import Rasters
import StackFiles

/// The rasters that are given beside rate maps, on the grids of the maps.
struct SceneRasters: Sendable {
  let given: StackComposition.Rasters
  private let read = StackRasters()
  /// The coherence map, or those of the folder.
  private let coherencePaths: [String]
  private let heightPaths: [String]
  private let atmosphere: AtmosphereMaps?

  /// - Throws: `StackIOError.badJob` for a folder without maps, and for heights in two ways;
  ///   `RunError.cannotRead`.
  init(_ given: StackComposition.Rasters) throws {
    self.given = given
    coherencePaths = try Self.paths(given.coherence, "coherence map")
    heightPaths = try Self.paths(given.height, "map of heights")
    let delays = try Self.paths(given.atmosphere, "map of the atmosphere")
    atmosphere = delays.isEmpty ? nil : AtmosphereMaps(delays, read)
    guard given.dem == nil || given.height == nil else {
      throw StackIOError.badJob(
        faults: ["heights are given twice, as a DEM and as maps to crop: give one of them"])
    }
  }

  /// The maps of a folder, or the only one.
  private static func paths(_ path: String?, _ what: String) throws -> [String] {
    guard let path, FileSystem.isFolder(path) else { return path.map { [$0] } ?? [] }
    let paths = try RateMapFolder(path).paths
    guard !paths.isEmpty else {
      throw StackIOError.badJob(
        faults: ["\(path) contains no \(what) (.tif, .tiff, .h5 or .npy)"])
    }
    return paths
  }

  /// All files.
  var files: [String] {
    [given.dem, given.heightError].compactMap { $0 } + coherencePaths + heightPaths
      + (atmosphere?.paths ?? [])
  }

  /// What lies at the place of a rate map; rasters of other places are left out.
  /// - Parameter companions: files of coherence and heights that belong to the map.
  /// - Throws: `RasterError`, `StackIOError.gridsDiffer` for one that does not cover the map.
  func inPlace(
    over rate: Raster, reading: RateReading, companions: [Quantity: String] = [:]
  ) throws -> StackComposition.Ground {
    func placed(_ path: String?, _ what: String) throws -> StackRasters.Plane? {
      guard let path, StackRasters.fits(try read.raster(path), rate) else { return nil }
      return try plane(path, what, over: rate).map {
        StackRasters.Plane(
          values: $0, origin: RasterOrigin(kind: .file, file: FilePath.name(path)))
      }
    }
    var coherence: StackRasters.Plane?
    if let path = coherencePaths.first, path == given.coherence {
      coherence = try placed(path, "coherence").map {
        StackRasters.Plane(
          values: try StackRasters.coherences($0.values, path: path), origin: $0.origin)
      }
    }
    var dem = try placed(given.dem, "height")
    if let path = companions[.coherence] {
      coherence = try companion(try read.raster(path, .coherence), path, over: rate) {
        try StackRasters.coherences($0, path: path)
      }
    }
    if let path = companions[.height] {
      dem = try companion(try read.heightMap(path), path, over: rate) { values in
        var values = values
        try HoleFilling.fillFromRim(&values, width: rate.width, height: rate.height)
        return values
      }
    }
    return StackComposition.Ground(
      rate: rate, dem: dem,
      demError: try plane(given.heightError, "height error", over: rate), coherence: coherence,
      reading: reading)
  }

  /// With crops of rasters of other places, and synthetic heights if a component needs them.
  /// - Parameter fields: of other stacks; `nil`: makes its own.
  /// - Throws: `RasterError`, `StackIOError.gridsDiffer` for a raster too small to crop.
  func completed(
    _ ground: StackComposition.Ground, _ configuration: ComposeConfiguration, stackSeed: UInt64,
    fields: SharedFields?
  ) throws -> StackComposition.Ground {
    var ground = ground
    if ground.dem == nil {
      if let path = given.dem {
        ground.dem = try read.heights(
          path, over: ground.rate,
          pixelSizeMeters: configuration.geometry(of: ground.rate).pixelSizeMeters,
          stackSeed: stackSeed)
      } else if !heightPaths.isEmpty {
        ground.dem = try read.heights(heightPaths, over: ground.rate, stackSeed: stackSeed)
      } else if configuration.model.has(.stratification) {
        ground.dem = StackRasters.Plane(
          values: try configuration.heights.meters(
            configuration.geometry(of: ground.rate), stackSeed: stackSeed, fields: fields),
          origin: RasterOrigin(kind: .synthetic))
      }
    }
    if ground.coherence == nil, !coherencePaths.isEmpty {
      ground.coherence = try read.coherence(
        coherencePaths, over: ground.rate, stackSeed: stackSeed)
    }
    if let atmosphere, configuration.model.has(.turbulence) {
      ground.atmosphere = try atmosphere.delays(
        over: ground.rate, configuration, stackSeed: stackSeed)
    }
    return ground
  }

  /// A further quantity of a rate map, pixel for pixel.
  private func companion(
    _ raster: Raster, _ path: String, over rate: Raster, _ checked: ([Float]) throws -> [Float]
  ) throws -> StackRasters.Plane {
    guard raster.width == rate.width, raster.height == rate.height else {
      throw StackIOError.gridsDiffer(
        path: path,
        reason: "it has \(raster.height) rows and \(raster.width) columns, and its rate map "
          + "\(rate.height) and \(rate.width)", remedy: "Draw the maps again.")
    }
    return StackRasters.Plane(
      values: try checked(raster.values),
      origin: RasterOrigin(kind: .file, file: FilePath.name(path)))
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
}
