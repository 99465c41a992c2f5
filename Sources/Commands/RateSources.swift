import ArgumentParser
import DurableFiles
import Jobs
import RasterIO
import RunSupport
import Simulators
import StackFiles

/// What samples are made of, as a command line names it: rate maps and folders of them, or a preset of
/// `ganinsar simulate`, or a generator.
package struct RateSources {
  package var sources: [String]
  /// Number of maps of a preset or a generator, and their sides.
  package var maps: Int?
  package var mapSize: Int?
  package var pixelSizeMeters: Double?
  package var options = RasterReadOptions()
  /// For presets that learn from maps.
  package var trainingImages: [String] = []
  package var given: String?
  package var rasters = StackComposition.Rasters()

  package init(_ sources: [String]) { self.sources = sources }

  /// The only source, if it is the name of a preset and not a file.
  package var preset: String? {
    guard sources.count == 1, !FileSystem.exists(sources[0]),
      ScenePreset.all.contains(where: { $0.name == sources[0].lowercased() })
    else { return nil }
    return sources[0].lowercased()
  }

  /// The only source, if it is a generator.
  package var model: String? {
    guard sources.count == 1, sources[0].hasSuffix(".safetensors") else { return nil }
    return sources[0]
  }

  /// - Parameters:
  ///   - folder: where the maps of a generator lie; they are written unless it is there.
  ///   - count: number of samples; decides how many maps a generator makes where `maps` does not.
  ///   - size: of a sample.
  /// - Throws: `RunError`, `StackIOError`; `ExitCode` where the generator failed.
  package func resolved(
    _ recipe: DatasetRecipe, folder: String, count: Int?, size: Int?
  ) throws -> DatasetJob.Maps {
    if let preset {
      return .preset(
        try ScenePreset.named(preset), count: maps, sizePixels: mapSize,
        pixelSizeMeters: pixelSizeMeters,
        inputs: try SceneInputs.read(
          dem: rasters.dem, trainingImages: trainingImages, given: given,
          options: RasterReadOptions(unit: options.unit, losConvention: options.losConvention)),
        rasters)
    }
    var paths = sources
    if let model { paths = [try generated(model, recipe, folder, count: count, size: size)] }
    return .files(try RateMaps(paths, options: options), rasters)
  }

  private func generated(
    _ model: String, _ recipe: DatasetRecipe, _ folder: String, count: Int?, size: Int?
  ) throws -> String {
    let count = maps ?? count.map { ($0 - 1) / recipe.samples.perMap + 1 } ?? 100
    return try GeneratedMaps(
      model: model, folder: folder, count: count, seed: recipe.composition.seed,
      size: (mapSize ?? size).map { "\($0)" }
    ).written(for: "rate maps")
  }
}
