import Datasets
import DurableFiles
import Kernel
import RasterIO
import Rasters

/// Measured rate maps that the page shows beside the model's.
struct RealMaps: Sendable {
  let path: String
  private let maps: [(name: String, grid: RateGrid)]

  /// Maps of a folder that are read; more would fill the memory.
  static let mostMaps = 64
  static let greatestIndex = 9999

  /// - Parameters:
  ///   - path: a dataset, a folder of rate maps, a raster, or an `.npy` stack [N, H, W].
  ///   - options: the sign of files that do not state it.
  ///   - unit: of files that state none.
  /// - Throws: the errors of reading; `StudioError.realMaps` if there is none.
  init(_ path: String, options: RasterReadOptions, unit: RasterUnit?) throws {
    self.path = path
    let reader = RateMapReader(options: options, unitWhereUnstated: unit)
    func read(_ path: String) throws -> (name: String, grid: RateGrid) {
      let raster = try reader.read(path).raster
      return (
        FilePath.withoutExtension(FilePath.name(path)),
        RateGrid(width: raster.width, height: raster.height, values: raster.values)
      )
    }
    if FileSystem.exists("\(path)/\(DatasetManifest.fileName)") {
      maps = try RateDataset.open(path).scenes.map { ($0.name, $0.grid) }
    } else if FileSystem.isFolder(path) {
      maps = try RateMapFolder(path).paths.prefix(Self.mostMaps).map(read)
    } else if let stack = try Self.stack(path, unit: unit ?? .centimetersPerYear, options) {
      maps = stack
    } else {
      maps = [try read(path)]
    }
    guard maps.contains(where: { map in map.grid.values.contains(where: \.isFinite) }) else {
      throw StudioError.realMaps(
        path: path,
        reason: "contains no rate map with data: give a dataset, a folder of maps, or a raster")
    }
  }

  /// The maps of an `.npy` array with three axes; `nil` for any other file.
  private static func stack(_ path: String, unit: RasterUnit, _ options: RasterReadOptions) throws
    -> [(name: String, grid: RateGrid)]?
  {
    guard path.lowercased().hasSuffix(".npy") else { return nil }
    let reader = try NpyReader(path)
    let shape = reader.shape
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else { return nil }
    let factor =
      try unit.factor(to: .centimetersPerYear)
      * (options.losConvention?.factorTowardSatellite ?? 1)
    return try (0..<min(shape[0], mostMaps)).map { item in
      (
        "item \(item)",
        RateGrid(
          width: shape[2], height: shape[1],
          values: try reader.readItem(item).values.map { Float(Double($0) * factor) })
      )
    }
  }

  /// A square window of a map, mostly with data where there is such a place.
  struct Window {
    var values: [Float]
    var label: String
  }

  /// Window `index`: one map after the other, each at a random place that depends on the index alone.
  /// - Throws: `StudioError.parameter` if no map is large enough.
  func window(_ index: Int, side: Int) throws -> Window {
    let fitting = maps.filter { min($0.grid.width, $0.grid.height) >= side }
    guard !fitting.isEmpty else {
      let largest = maps.map { min($0.grid.width, $0.grid.height) }.max() ?? 0
      throw StudioError.parameter(
        name: "size", value: "\(side)",
        remedy: "the largest real map has room for \(largest) pixels: choose a smaller size")
    }
    let map = fitting[index % fitting.count]
    let grid = map.grid
    var random = CounterRandom(0, .studioWindows, UInt64(index))
    var best = (row: 0, column: 0, count: -1)
    for _ in 0..<20 {
      let row = random.integer(in: 0...grid.height - side)
      let column = random.integer(in: 0...grid.width - side)
      let count = Self.validCount(grid, row: row, column: column, side: side)
      if count > best.count { best = (row, column, count) }
      if count == side * side { break }
    }
    var values: [Float] = []
    values.reserveCapacity(side * side)
    for row in best.row..<best.row + side {
      let start = row * grid.width + best.column
      values += grid.values[start..<start + side]
    }
    return Window(
      values: values.map { $0.isFinite ? $0 : .nan },
      label: (maps.count > 1 ? "\(map.name) " : "") + "(\(best.column), \(best.row))")
  }

  private static func validCount(_ grid: RateGrid, row: Int, column: Int, side: Int) -> Int {
    (row..<row + side).reduce(0) { count, row in
      let start = row * grid.width + column
      return count + grid.values[start..<start + side].count(where: \.isFinite)
    }
  }
}
