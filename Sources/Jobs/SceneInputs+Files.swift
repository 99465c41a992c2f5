import DurableFiles
import Geostatistics
import RasterIO
import Rasters
import Simulators

extension SceneInputs {
  /// Reads what presets take parts of, or learn from.
  ///
  /// - Parameters:
  ///   - dem: a raster of heights in m; `nil`: synthetic heights.
  ///   - trainingImages: rate maps, or folders of them; none: for presets that learn from nothing.
  ///   - given: a rate map with data in the pixels that the simulated maps keep.
  ///   - options: for rate maps that do not state their unit or sign.
  /// - Throws: `RasterError`, `StackIOError.badJob` for a folder without rate maps,
  ///   `GeostatisticsError`.
  package static func read(
    dem: String? = nil, trainingImages: [String] = [], given: String? = nil,
    options: RasterReadOptions = .init()
  ) throws -> SceneInputs {
    var inputs = SceneInputs()
    if let dem {
      let heights = try RasterReader.read(dem)
      try heights.refuseUndeclaredFills()
      inputs.terrain = .raster(heights.raster, name: FilePath.name(dem))
    }
    if !trainingImages.isEmpty {
      let maps = try RateMaps(trainingImages, options: options)
      inputs.training = try TrainingImages(
        maps.entries.indices.map { index in
          let raster = try maps.load(index).raster
          return try TrainingImage(
            name: maps.entries[index].name, width: raster.width, height: raster.height,
            values: raster.values)
        })
    }
    if let given {
      let raster = try RateMaps([given], options: options).load(0).raster
      inputs.given = try Conditioning(
        width: raster.width, height: raster.height, values: raster.values)
    }
    return inputs
  }
}
