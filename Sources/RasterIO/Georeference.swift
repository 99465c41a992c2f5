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
