import Foundation
import Rasters

extension Georeference {
  /// The geotransform in degrees of a grid of `width` x `height` pixels: its own, or, for a grid in
  /// m, one with the same center and pixel size. `nil` for a rotated grid, and if the position is
  /// unknown.
  public func geographicGeotransform(width: Double, height: Double) -> [Double]? {
    guard isNorthUp else { return nil }
    if isGeographic { return geotransform }
    #if GDAL
      let x = geotransform[0] + geotransform[1] * width / 2
      let y = geotransform[3] + geotransform[5] * height / 2
      guard let (longitude, latitude) = CRS.longitudeLatitude(x, y, wkt: crsWKT) else { return nil }
      let dy = geotransform[5] * metersPerUnit / Self.metersPerDegree
      let dx = geotransform[1] * metersPerUnit / (Self.metersPerDegree * cos(latitude * .pi / 180))
      return [longitude - dx * width / 2, dx, 0, latitude - dy * height / 2, 0, dy]
    #else
      return nil
    #endif
  }
}
