import Foundation

/// Where a raster lies: GDAL's affine geotransform and a coordinate reference system.
public struct Georeference: Sendable, Equatable, Codable {
  /// x of the upper-left corner, pixel width, row rotation, y of the upper-left corner, column
  /// rotation, pixel height (negative when north is up); in the CRS's units.
  public var geotransform: [Double]
  /// Well-known text; empty when unknown.
  public var crsWKT: String

  public init(geotransform: [Double], crsWKT: String) {
    precondition(geotransform.count == 6, "a geotransform has six numbers")
    self.geotransform = geotransform
    self.crsWKT = crsWKT
  }
}

extension Georeference {
  /// Width and height of a pixel along its own axes, positive, in the CRS's units.
  public var pixelSize: [Double] {
    [
      (geotransform[1] * geotransform[1] + geotransform[4] * geotransform[4]).squareRoot(),
      (geotransform[2] * geotransform[2] + geotransform[5] * geotransform[5]).squareRoot(),
    ]
  }

  /// In metres at the upper-left corner, for a grid in degrees; `nil` for any other.
  public var pixelSizeMeters: [Double]? {
    guard crsWKT.hasPrefix("GEOGC") else { return nil }
    let metersPerDegree = 111_195.0  // of a sphere of 6371 km
    let latitude = geotransform[3] * Double.pi / 180
    return [
      pixelSize[0] * metersPerDegree * cos(latitude), pixelSize[1] * metersPerDegree,
    ]
  }
}
