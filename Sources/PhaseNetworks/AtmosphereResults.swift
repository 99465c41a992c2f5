import DurableFiles
import Foundation
import Pictures
import RasterIO
import Rasters

/// Writes a corrected map and the estimated atmosphere in the unit, the sign and the place of the input.
package struct AtmosphereResults {
  package let map: UnwrappedMap
  /// In the unit of the map, NaN where there are no data.
  package let atmosphere: [Float]
  package let corrected: [Float]
  /// SHA-256 of the network.
  private let network: String

  /// - Parameter estimateCM: the delay in cm.
  package init(_ map: UnwrappedMap, estimateCM: [Float], network: String) {
    self.map = map
    self.network = network
    atmosphere = estimateCM.map { Float(Double($0) / map.centimetersPerUnit) }
    corrected = zip(map.raster.values, atmosphere).map { $0 - $1 }
  }

  private var layers: [(name: String, values: [Float])] {
    [("corrected", corrected), ("atmosphere", atmosphere)]
  }

  /// `NAME_corrected` and `NAME_atmosphere`, whose sum is the input.
  /// - Throws: `RunError.cannotWrite`, `RasterError`.
  package func write(as format: RasterFormat, name: String, in folder: String) throws {
    for layer in layers {
      var raster = map.raster
      raster.values = layer.values
      try RasterWriter.write(
        raster, to: "\(folder)/\(name)_\(layer.name).\(format.rawValue)", format: format,
        options: RasterWriteOptions(
          losConvention: map.losConvention,
          metadata: ["ATMOSPHERE_NETWORK": network, "LAYER": layer.name]))
    }
  }

  /// Draws the input and what was made of it.
  /// - Throws: `RunError.cannotWrite`.
  package func writePicture(label: String, to path: String) throws {
    let unit = map.raster.unit?.rawValue ?? ""
    let planes = [("input", map.raster.values)] + layers.map { ($0.name, $0.values) }
    let sheet = LayerSheet(
      layers: planes.map { .init(name: $0.0, unit: unit) },
      samples: [
        .init(
          label: label, width: map.raster.width, height: map.raster.height,
          planes: planes.map(\.1))
      ], title: "", side: 260)
    try PictureFile.write(sheet.drawing(), to: path)
  }
}
