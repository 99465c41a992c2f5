import Datasets
import DurableFiles
import InSARPhase
import Kernel
import Patches
import RasterIO
import Rasters
import Simulators
import StackFiles
import Synchronization

/// Rasters that compositions take heights and coherence from, besides those on the rate maps' grid.
///
/// A raster that cannot be placed on a rate map, because one of them has no georeference and their
/// shapes differ, is cropped at random, without resampling.
final class StackRasters: Sendable {
  private let read = Mutex<[String: Raster]>([:])

  /// A plane of the size of a rate map, and where it comes from.
  struct Plane: Sendable {
    var values: [Float]
    var origin: RasterOrigin
  }

  /// - Parameter quantity: what a file must not contradict; `nil`: anything.
  func raster(_ path: String, _ quantity: Quantity? = nil) throws -> Raster {
    try prepared(path, quantity) { $0.raster }
  }

  /// A map of atmospheric delay in m, or in rad of the stack's wavelength, positive where longer.
  /// - Throws: `RasterError` for a map without a unit of delays.
  func delay(_ path: String) throws -> Raster {
    try prepared(path, .atmosphere) { scene in
      var raster = scene.raster
      guard let unit = raster.unit, unit.kind == .displacement || unit == .radians else {
        throw RasterError.doesNotFit(
          path: path,
          reason: raster.unit.map { "its unit is \($0.rawValue), which is not one of delays" }
            ?? "it states no unit",
          remedy: "Give maps in m, cm, mm or rad: GeoTIFF files state their unit, and so does a "
            + "manifest.json with a unit beside .npy files.")
      }
      let factor = Float(
        try unit == .radians
          ? 1
          : unit.factor(to: .meters)
            * Quantity.atmosphere.signFactor(scene.description.losConvention))
      if factor != 1 { raster.values = raster.values.map { $0 * factor } }
      raster.unit = unit == .radians ? .radians : .meters
      return raster
    }
  }

  /// What `prepare` makes of a file; the last ones are kept for the next sample.
  private func prepared(
    _ path: String, _ quantity: Quantity?, _ prepare: (RasterScene) throws -> Raster
  ) throws -> Raster {
    let key = "\(quantity?.rawValue ?? "any") \(path)"
    if let known = read.withLock({ $0[key] }) { return known }
    let scene = try RasterReader.read(path)
    try scene.refuseUndeclaredFills()
    if let quantity, let stated = scene.description.quantity, stated != quantity {
      throw RasterError.doesNotFit(
        path: path, reason: "it holds \(stated.words), not \(quantity.words)",
        remedy: "Give maps of \(quantity.words).")
    }
    let raster = try prepare(scene)
    read.withLock { known in
      // Folders may hold many large maps.
      if known.count >= 8 { known.removeAll() }
      known[key] = raster
    }
    return raster
  }

  /// Whether `raster` can be placed on the grid of `rate`.
  static func fits(_ raster: Raster, _ rate: Raster) -> Bool {
    (raster.georeference != nil && rate.georeference != nil)
      || (raster.width == rate.width && raster.height == rate.height)
  }

  /// A random crop of heights. Where the DEM's pixels are of another size than the rate map's, heights
  /// above the lowest are scaled as the pixels are, so that slopes are the DEM's.
  /// - Throws: `StackIOError.gridsDiffer` for a DEM that is smaller than the rate map, or of which a
  ///   hundred crops have missing heights.
  func heights(
    _ path: String, over rate: Raster, pixelSizeMeters: Double, stackSeed: UInt64
  ) throws -> Plane {
    let raster = try raster(path)
    try Self.checkSize(raster, rate, path: path, what: "DEM")
    var random = CounterRandom(stackSeed, .stackHeightCrop)
    // Only the numbers of pixels matter to a crop without resampling.
    let grid = try SceneGrid(width: rate.width, height: rate.height, pixelSizeMeters: 1)
    do {
      let (values, origin) = try Terrain.raster(raster, name: FilePath.name(path))
        .heightsMeters(grid: grid, random: &random)
      var plane = Plane(
        values: values,
        origin: RasterOrigin(
          kind: .crop, file: origin.name, row: origin.row, column: origin.column))
      if let own = raster.georeference?.groundPixelSizeMeters, own > 0 {
        let (factor, lowest) = (pixelSizeMeters / own, values.min() ?? 0)
        plane.values = values.map { lowest + ($0 - lowest) * Float(factor) }
        plane.origin.heightFactor = factor
      }
      return plane
    } catch SimulatorError.terrain {
      throw StackIOError.gridsDiffer(
        path: path,
        reason: "a hundred random crops of \(rate.height) x \(rate.width) pixels all have missing "
          + "heights", remedy: "Fill its holes, or give another DEM.")
    }
  }

  /// A random crop of a random map of coherence; 0 where it has no data.
  /// - Throws: `StackIOError.gridsDiffer` for a map that is smaller than the rate map, has values
  ///   outside 0...1, or of which a hundred crops are more than half without data.
  func coherence(_ paths: [String], over rate: Raster, stackSeed: UInt64) throws -> Plane {
    var random = CounterRandom(stackSeed, .stackCoherenceCrop)
    let path = paths[random.integer(below: paths.count)]
    var plane = try Self.crop(
      raster(path, .coherence), of: path, "coherence map", over: rate, missingAtMostOneIn: 2,
      otherwise: "are all more than half without data", &random)
    plane.values = try Self.coherences(plane.values, path: path)
    return plane
  }

  /// Checked values, 0 where there is no data.
  static func coherences(_ values: [Float], path: String) throws -> [Float] {
    if let bad = values.first(where: { $0 < 0 || $0 > 1 }) {
      throw StackIOError.gridsDiffer(
        path: path, reason: "a coherence is \(bad)", remedy: "Give values from 0 to 1.")
    }
    return values.map { $0.isNaN ? 0 : $0 }
  }

  /// A random crop of a random map of heights, as it is; holes of up to a tenth are filled from their rim.
  /// - Throws: `StackIOError.gridsDiffer` for a map that is smaller than the rate map, or of which a
  ///   hundred crops have more missing heights.
  func heights(_ paths: [String], over rate: Raster, stackSeed: UInt64) throws -> Plane {
    var random = CounterRandom(stackSeed, .stackHeightMap)
    let path = paths[random.integer(below: paths.count)]
    return try Self.filledCrop(try heightMap(path), of: path, "map of heights", over: rate, &random)
  }

  /// A map of heights in m.
  func heightMap(_ path: String) throws -> Raster {
    try prepared(path, .height) { scene in
      do {
        let factor = Float(
          try Quantity.height.factor(from: scene.raster.unit, wavelengthMeters: nil))
        var raster = scene.raster
        if factor != 1 { raster.values = raster.values.map { $0 * factor } }
        return raster
      } catch let problem as Quantity.UnitProblem {
        throw RasterError.doesNotFit(
          path: path, reason: problem.text(.height), remedy: problem.remedy(.height))
      }
    }
  }

  /// A random crop without resampling, in which holes of up to a tenth are filled.
  /// - Throws: `StackIOError.gridsDiffer`.
  static func filledCrop(
    _ raster: Raster, of path: String, _ what: String, over rate: Raster,
    _ random: inout CounterRandom
  ) throws -> Plane {
    var plane = try crop(
      raster, of: path, what, over: rate, missingAtMostOneIn: 10,
      otherwise: "all have more than a tenth without data", &random)
    if plane.values.contains(where: { !$0.isFinite }) {
      plane.values = plane.values.map { $0.isFinite ? $0 : .nan }
      try HoleFilling.fillFromRim(&plane.values, width: rate.width, height: rate.height)
    }
    return plane
  }

  /// The first of a hundred random crops without resampling that has data enough.
  /// - Parameter fault: what is wrong with all of them if none has.
  /// - Throws: `StackIOError.gridsDiffer`.
  private static func crop(
    _ raster: Raster, of path: String, _ what: String, over rate: Raster,
    missingAtMostOneIn share: Int, otherwise fault: String, _ random: inout CounterRandom
  ) throws -> Plane {
    try checkSize(raster, rate, path: path, what: what)
    for _ in 0..<100 {
      let row = random.integer(in: 0...raster.height - rate.height)
      let column = random.integer(in: 0...raster.width - rate.width)
      var values: [Float] = []
      values.reserveCapacity(rate.width * rate.height)
      for line in row..<row + rate.height {
        let start = line * raster.width + column
        values += raster.values[start..<start + rate.width]
      }
      guard share * values.count(where: { !$0.isFinite }) <= values.count else { continue }
      return Plane(
        values: values,
        origin: RasterOrigin(kind: .crop, file: FilePath.name(path), row: row, column: column))
    }
    throw StackIOError.gridsDiffer(
      path: path,
      reason: "a hundred random crops of \(rate.height) x \(rate.width) pixels \(fault)",
      remedy: "Give maps with fewer holes.")
  }

  private static func checkSize(_ raster: Raster, _ rate: Raster, path: String, what: String) throws
  {
    guard raster.width < rate.width || raster.height < rate.height else { return }
    throw StackIOError.gridsDiffer(
      path: path,
      reason:
        "it has \(raster.height) rows and \(raster.width) columns, and a crop for the rate map "
        + "needs \(rate.height) and \(rate.width)",
      remedy: "Give a larger \(what), or smaller rate maps.")
  }
}
