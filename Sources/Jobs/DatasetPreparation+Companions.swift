import Datasets
import DurableFiles
import Kernel
import RasterIO
import Rasters

/// Where a further quantity of all scenes lies.
package struct CompanionFiles: Sendable, Equatable {
  package var quantity: Quantity
  /// One file for each scene, in their order, or a folder of files with the names of the scenes' files.
  package var paths: [String]

  package init(_ quantity: Quantity, _ paths: [String]) {
    self.quantity = quantity
    self.paths = paths
  }

  /// The file of each scene.
  /// - Throws: `DatasetError.invalidOption` for another number of files than of scenes, or a folder
  ///   without a scene's file; `RunError.cannotRead`.
  func files(forScenes scenes: [String]) throws -> [String] {
    func unusable(_ value: String, _ remedy: String) -> DatasetError {
      .invalidOption(.with, value: "\(quantity.rawValue)=\(value)", remedy: remedy)
    }
    guard paths.count == 1, FileSystem.isFolder(paths[0]) else {
      guard paths.count == scenes.count else {
        throw unusable(
          paths[0],
          "\(paths.count) file\(paths.count == 1 ? "" : "s") for \(scenes.count) "
            + "scene\(scenes.count == 1 ? "" : "s"). Give the option once for each scene, in the order of "
            + "the scenes, or name a folder of files with the names of the scenes' files.")
      }
      return paths
    }
    let folder = try RateMapFolder(paths[0])
    let found = Dictionary(folder.paths.map { (Self.stem($0), $0) }) { first, _ in first }
    return try scenes.map { scene in
      guard let file = found[Self.stem(scene)] else {
        throw unusable(
          paths[0],
          "it holds no raster \(Self.stem(scene)) (.tif, .h5 or .npy), which \(scene) needs. Name its "
            + "file, or give the option once for each scene.")
      }
      return file
    }
  }

  private static func stem(_ path: String) -> String {
    FilePath.withoutExtension(FilePath.name(path))
  }
}

extension DatasetPreparation {
  /// A further quantity of a scene, on its grid.
  ///
  /// It is read with the values for no data of `reading`, and the unit that `units` has for the quantity.
  /// - Throws: `RasterError`, `DatasetError.unusableScene` with both files for another grid.
  func companion(_ quantity: Quantity, _ path: String, of scene: SourceScene) throws -> SourceScene
  {
    let options = RasterReadOptions(unit: units[quantity.rawValue], noData: reading.noData)
    let found = try RasterReader.read(path, options: options)
    if let stated = found.description.quantity, stated != quantity {
      throw DatasetError.unusableScene(
        path: path, problem: "it holds \(stated.words), not \(quantity.words)",
        remedy: "Give a map of \(quantity.words), or correct \(OptionName.with).")
    }
    if let fills = found.description.undeclaredFills {
      throw DatasetError.unusableScene(
        path: path, problem: fills.words(of: found.raster.values.count),
        remedy:
          "If that means no data, pass \(fills.options); \(OptionName.noData("nan")) keeps the values."
      )
    }
    let isSameSize =
      found.raster.width == scene.raster.width && found.raster.height == scene.raster.height
    guard isSameSize || (found.raster.georeference != nil && scene.raster.georeference != nil)
    else {
      throw DatasetError.sizesDiffer(
        path, found.raster.width, found.raster.height, scene: scene.path, scene.raster.width,
        scene.raster.height)
    }
    let raster = try found.raster.warped(onto: RasterGrid(scene.raster), path: path)
    guard raster.values.contains(where: { !$0.isNaN }) else {
      throw DatasetError.unusableScene(
        path: path, problem: "it does not cover the scene \(scene.path)",
        remedy: "Give a raster of the same place, or correct the georeference of one of them.")
    }
    var source = SourceScene(
      path: path, name: scene.name, raster: raster, unitSource: found.description.unitSource)
    source.losConvention = found.description.losConvention
    source.losSource = found.description.losSource
    source.sha256 = try SHA256.hex(ofFile: path)
    return source
  }
}
