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
  /// Whether rows run along the x axis and columns along the y axis.
  public var isNorthUp: Bool { geotransform[2] == 0 && geotransform[4] == 0 }

  /// Width and height of a pixel along its own axes, positive, in the CRS's units.
  public var pixelSize: [Double] {
    [
      (geotransform[1] * geotransform[1] + geotransform[4] * geotransform[4]).squareRoot(),
      (geotransform[2] * geotransform[2] + geotransform[5] * geotransform[5]).squareRoot(),
    ]
  }

  /// Of latitude, on a sphere of 6371 km.
  public static let metersPerDegree = 111_195.0

  /// In metres at the upper-left corner, for a grid in degrees; `nil` for any other.
  public var pixelSizeMeters: [Double]? {
    guard crsWKT.hasPrefix("GEOGC") else { return nil }
    let latitude = geotransform[3] * Double.pi / 180
    return [
      pixelSize[0] * Self.metersPerDegree * cos(latitude),
      pixelSize[1] * Self.metersPerDegree,
    ]
  }

  /// The edge of a pixel on the ground in m, the mean of both directions.
  public var groundPixelSizeMeters: Double {
    let sizes = pixelSizeMeters ?? pixelSize
    return (sizes[0] * sizes[1]).squareRoot()
  }

  /// The geotransform in degrees of a grid of `width` x `height` pixels: its own, or for a grid in
  /// metres the one that has the same centre and pixel size. `nil` for a rotated grid, and where the
  /// place is not known.
  public func geographicGeotransform(width: Double, height: Double) -> [Double]? {
    guard isNorthUp else { return nil }
    if crsWKT.hasPrefix("GEOGC") { return geotransform }
    #if GDAL
      let x = geotransform[0] + geotransform[1] * width / 2
      let y = geotransform[3] + geotransform[5] * height / 2
      guard let (longitude, latitude) = CRS.longitudeLatitude(x, y, wkt: crsWKT) else { return nil }
      let dy = geotransform[5] / Self.metersPerDegree
      let dx = geotransform[1] / (Self.metersPerDegree * cos(latitude * .pi / 180))
      return [longitude - dx * width / 2, dx, 0, latitude - dy * height / 2, 0, dy]
    #else
      return nil
    #endif
  }
}
