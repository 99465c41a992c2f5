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

  /// Whether the coordinates are longitude and latitude in degrees.
  public var isGeographic: Bool { WellKnownText.isGeographic(crsWKT) }

  /// How many metres on the ground one unit of a grid that is not in degrees is, at the upper-left
  /// corner: 1 but for feet, kilometres, and web maps' Mercator, which stretches away from the equator.
  package var metersPerUnit: Double {
    let unit = WellKnownText.metersPerUnit(crsWKT)
    guard crsWKT.contains("Mercator_1SP") || crsWKT.contains("Pseudo-Mercator") else { return unit }
    return unit / cosh(geotransform[3] * unit / 6_378_137)
  }

  /// In metres, at the upper-left corner of a grid in degrees; without a CRS the coordinates are
  /// taken as metres.
  public var pixelSizeMeters: [Double] {
    guard isGeographic else { return pixelSize.map { $0 * metersPerUnit } }
    let latitude = geotransform[3] * Double.pi / 180
    return [
      pixelSize[0] * Self.metersPerDegree * cos(latitude),
      pixelSize[1] * Self.metersPerDegree,
    ]
  }

  /// The edge of a pixel on the ground in m, the mean of both directions.
  public var groundPixelSizeMeters: Double {
    let sizes = pixelSizeMeters
    return (sizes[0] * sizes[1]).squareRoot()
  }
}
