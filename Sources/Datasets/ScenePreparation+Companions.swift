import Kernel
import Rasters

/// Scenes with several quantities: one map each on one grid.
extension ScenePreparation {
  /// A map in the unit and the sign of its quantity.
  struct ConvertedMap {
    var quantity: Quantity
    /// Without its values.
    var source: SourceScene
    var grid: RateGrid
    var unit: RasterUnit
    var factor: Double
  }

  /// Faults of the further quantities of scenes.
  package func faults(of companions: [Quantity]) -> [String] {
    var seen: Set<Quantity> = [measured]
    return companions.filter { !seen.insert($0).inserted }.map { quantity in
      let pair = OptionName.with("\(quantity.rawValue)=...")
      return quantity == measured
        ? "\(pair) names what the scenes themselves hold: leave it out, or correct \(OptionName.quantity)."
        : "\(pair) is given for the same scene twice: give one file for each scene."
    }
  }

  /// Gives all maps of a scene their common pixels: one without data in a map has none in the others.
  /// - Returns: sentences about pixels that a map loses by that.
  /// - Throws: `DatasetError.unusableScene` for maps of different sizes or without common pixels.
  static func shareHoles(_ maps: inout [ConvertedMap]) throws -> [String] {
    guard maps.count > 1 else { return [] }
    let main = maps[0]
    for map in maps.dropFirst()
    where map.grid.width != main.grid.width || map.grid.height != main.grid.height {
      throw DatasetError.sizesDiffer(
        map.source.path, map.grid.width, map.grid.height, scene: main.source.path,
        main.grid.width, main.grid.height)
    }
    let before = maps.map { $0.grid.values.count { !$0.isNaN } }
    var common = 0
    for index in main.grid.values.indices {
      if maps.contains(where: { $0.grid.values[index].isNaN }) {
        for place in maps.indices { maps[place].grid.values[index] = .nan }
      } else {
        common += 1
      }
    }
    guard common > 0 else {
      throw DatasetError.unusableScene(
        path: main.source.path,
        problem: "it has no pixel with data that also has data in "
          + maps.dropFirst().map(\.source.path).joined(separator: " and "),
        remedy: "Give maps of the same ground, with data in the same pixels.")
    }
    return before[0] == common
      ? []
      : [
        "\(before[0] - common) of its \(before[0]) pixels with data are left out, because "
          + "\(maps.dropFirst().map(\.quantity.rawValue).joined(separator: " or ")) has none there"
      ]
  }
}

extension DatasetError {
  /// A companion with another number of pixels than its scene.
  package static func sizesDiffer(
    _ path: String, _ width: Int, _ height: Int, scene: String, _ sceneWidth: Int,
    _ sceneHeight: Int
  ) -> DatasetError {
    .unusableScene(
      path: path,
      problem: "it has \(width) x \(height) pixels (width x height), and its scene \(scene) has "
        + "\(sceneWidth) x \(sceneHeight)",
      remedy: "Give a raster on the grid of the scene, or two georeferenced rasters: then it is "
        + "resampled to that grid.")
  }
}
