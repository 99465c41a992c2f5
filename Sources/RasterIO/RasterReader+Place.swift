import Foundation
import Rasters

extension RasterReader {
  /// Plausible pixel sizes of deformation maps, in m.
  static let believablePixelMeters = 0.1...100_000.0

  /// Turns the scene north up and checks its georeference. An implausible georeference is removed,
  /// so that nothing later takes degrees for meters.
  static func settlePlace(_ scene: inout RasterScene) {
    guard let stated = scene.raster.georeference else { return }
    let numbers = stated.geotransform
    // Row and column numbers are not a georeference.
    if stated.crsWKT.isEmpty && numbers[0] == 0 && numbers[3] == 0 && abs(numbers[1]) == 1
      && numbers[2] == 0 && numbers[4] == 0 && abs(numbers[5]) == 1
    {
      scene.raster.georeference = nil
      return
    }
    if let turned = scene.raster.orientNorthUp() {
      scene.description.notes.append("\(turned) in the file were turned: north is up here")
    } else if !stated.isNorthUp {
      scene.description.notes.append("the grid is rotated: its rows do not run from west to east")
    }
    guard var settled = scene.raster.georeference else { return }
    if settled.isGeographic && settled.isNorthUp && settled.geotransform[0] >= 180 {
      settled.geotransform[0] -= 360
      scene.raster.georeference = settled
    }
    if let doubt = placeDoubt(settled, height: scene.raster.height) {
      scene.raster.georeference = nil
      scene.description.crsName = nil
      let size = settled.pixelSize
      scene.description.disbelievedPixelSize = size.allSatisfy(\.isFinite) ? size : nil
      scene.description.notes.append(doubt)
    }
  }

  /// Why the georeference of a raster of `height` rows is implausible, with the remedy; `nil` if it
  /// is plausible.
  public static func placeDoubt(_ place: Georeference, height: Int) -> String? {
    let size = place.pixelSize
    let words = String(format: "%.6g x %.6g", size[0], size[1])
    guard place.geotransform.allSatisfy(\.isFinite), size.allSatisfy({ $0 > 0 }) else {
      return "its geotransform \(place.geotransform) is no grid; it is left out"
    }
    let isGeographic = place.isGeographic
    let unit = isGeographic ? Georeference.metersPerDegree : place.metersPerUnit
    let ends = [0, Double(height)].map { place.geotransform[3] + $0 * place.geotransform[5] }
    let isBeyondThePoles =
      isGeographic && place.isNorthUp && ends.contains { abs($0) > 90 + size[1] }
    guard !size.allSatisfy({ believablePixelMeters.contains($0 * unit) }) || isBeyondThePoles else {
      return nil
    }
    let remedy =
      isGeographic
      ? "its coordinates are no degrees: correct its CRS (gdal_translate -a_srs EPSG:CODE FILE COPY.tif)"
      : size.allSatisfy { $0 * unit < believablePixelMeters.lowerBound }
        ? "if it is in degrees, say so: gdal_translate -a_srs EPSG:4326 FILE COPY.tif"
        : "correct its geotransform or its CRS"
    let unitWords =
      isGeographic
      ? "degrees" : place.crsWKT.isEmpty ? "m (no CRS says otherwise)" : "in its CRS's unit"
    return "pixels of \(words) \(unitWords) cannot be, and the place is left out; \(remedy)"
  }
}
