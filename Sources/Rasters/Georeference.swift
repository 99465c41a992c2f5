import Foundation

/// The georeference of a raster: GDAL's affine geotransform and a coordinate reference system.
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

  /// Length of a degree of latitude on a sphere of radius 6371 km, in m.
  public static let metersPerDegree = 111_195.0

  /// Whether the coordinates are longitude and latitude in degrees.
  public var isGeographic: Bool { WellKnownText.isGeographic(crsWKT) }

  /// The length on the ground of one unit of a grid that is not in degrees, in m, at the upper-left
  /// corner. It is 1 except for feet, kilometers, and the Web Mercator projection, whose scale
  /// grows away from the equator.
  package var metersPerUnit: Double {
    let unit = WellKnownText.metersPerUnit(crsWKT)
    guard WellKnownText.isMercator(crsWKT) else { return unit }
    return unit / cosh(geotransform[3] * unit / 6_378_137)
  }

  /// Width and height of a pixel in m, for a grid in degrees at its upper-left corner; without a
  /// CRS the coordinates are assumed to be in m.
  public var pixelSizeMeters: [Double] {
    guard isGeographic else {
      let meters = metersPerUnit
      return pixelSize.map { $0 * meters }
    }
    let latitude = geotransform[3] * Double.pi / 180
    return [
      pixelSize[0] * Self.metersPerDegree * cos(latitude),
      pixelSize[1] * Self.metersPerDegree,
    ]
  }

  /// Pixel size on the ground in m, the mean of both directions.
  public var groundPixelSizeMeters: Double {
    let sizes = pixelSizeMeters
    return (sizes[0] * sizes[1]).squareRoot()
  }
}
