import Foundation
import Rasters

/// A coordinate axis of a gridded file: the coordinate of each row or each column.
struct GridAxis {
  enum Direction { case east, north }

  var name: String
  /// In the file's order; finite, at least one.
  var values: [Double]
  /// `units`, `standard_name`, `long_name` and `axis`, if the file has them.
  var attributes: [String: String] = [:]

  private func attribute(_ key: String) -> String {
    (attributes[key] ?? "").trimmingCharacters(in: .whitespaces).lowercased()
  }

  private var names: [String] {
    [attribute("standard_name"), attribute("long_name"), name.lowercased()].map {
      ($0.split(separator: "/").last.map(String.init) ?? $0).replacing("_", with: "")
    }
  }

  /// `degrees_east`, `degreesE`, `degree`, `deg`, `°` and similar, also inside
  /// `longitude [degrees_east]`.
  private var unitIsDegrees: Bool {
    let unit = attribute("units")
    return unit.hasPrefix("deg") || unit.hasPrefix("°") || unit.contains("[deg")
  }

  /// The stated unit in m; `nil` if none is stated or it is not a length.
  var metersPerUnit: Double? {
    switch attribute("units") {
    case "m", "meter", "meters", "metre", "metres": 1
    case "km", "kilometer", "kilometers", "kilometre", "kilometres": 1000
    default: nil
    }
  }

  private static let longitudes: Set<String> = ["longitude", "longitudes", "lon", "lons", "long"]
  private static let latitudes: Set<String> = ["latitude", "latitudes", "lat", "lats"]
  private static let eastings: Set<String> = [
    "x", "xs", "easting", "eastings", "xcoordinate", "xcoordinates", "xc", "projectionxcoordinate",
  ]
  private static let northings: Set<String> = [
    "y", "ys", "northing", "northings", "ycoordinate", "ycoordinates", "yc",
    "projectionycoordinate",
  ]

  /// `nil` if neither name nor attributes determine it.
  var direction: Direction? {
    let unit = attribute("units").replacing("_", with: "").replacing(" ", with: "")
    if unit.contains(/^(deg|degrees?|°)(e$|east)/) { return .east }
    if unit.contains(/^(deg|degrees?|°)(n$|north)/) { return .north }
    for name in names {
      if Self.longitudes.contains(name) || Self.eastings.contains(name) { return .east }
      if Self.latitudes.contains(name) || Self.northings.contains(name) { return .north }
    }
    switch attribute("axis") {
    case "x": return .east
    case "y": return .north
    default: return nil
    }
  }

  /// Whether the axis states that it is in degrees, and its values are possible degrees.
  var isInDegrees: Bool {
    guard metersPerUnit == nil else { return false }
    let isNamed = names.contains { Self.longitudes.contains($0) || Self.latitudes.contains($0) }
    return (unitIsDegrees || isNamed) && isWithinDegrees
  }

  var isWithinDegrees: Bool {
    let limit = direction == .north ? 90.5 : 360.5
    return values.allSatisfy { abs($0) <= limit }
  }

  /// The mean step between values; `nil` for a single value, and if values repeat or are not
  /// monotonic.
  var step: Double? {
    guard values.count > 1, let first = values.first, let last = values.last,
      values.allSatisfy(\.isFinite), first != last
    else { return nil }
    let step = (last - first) / Double(values.count - 1)
    let isMonotone = zip(values, values.dropFirst()).allSatisfy { ($1 - $0) * step > 0 }
    return isMonotone ? step : nil
  }

  /// The largest deviation from an evenly spaced axis, in steps.
  func unevenness(step: Double) -> Double {
    values.indices.map { abs(values[$0] - values[0] - Double($0) * step) / abs(step) }.max() ?? 0
  }
}

extension Raster {
  /// Sets the georeference that the axes of the file give, and turns the raster north up.
  mutating func settle(_ place: GridPlace) {
    georeference = place.georeference
    orientNorthUp()
    if place.isPixelCount { georeference = nil }
  }
}

/// The georeference that the axes of a grid give.
struct GridPlace {
  /// For the rows and columns as stored in the file: rows may run north or along x.
  var georeference: Georeference
  /// The coordinates are only row and column numbers: they determine the order of rows, but no
  /// position.
  var isPixelCount: Bool
  /// `nil` for evenly spaced axes.
  var note: String?

  /// - Parameters:
  ///   - rows: the axis along which the row number grows.
  ///   - crsWKT: of the file; empty where it states none. Axes in degrees win over a projected system,
  ///     and axes that cannot be degrees over a geographic one.
  /// - Returns: `nil` for axes that do not form a grid: a single value, repeated or unordered
  ///   values.
  init?(rows: GridAxis, columns: GridAxis, crsWKT: String) {
    guard let rowStep = rows.step, let columnStep = columns.step else { return nil }
    let isTransposed =
      rows.direction == .east && columns.direction != .east
      || columns.direction == .north && rows.direction != .north
    var crs = crsWKT
    // If one axis states degrees, both are in degrees, as long as the values of the other are
    // possible.
    let isInDegrees =
      (rows.isInDegrees || columns.isInDegrees) && rows.isWithinDegrees && columns.isWithinDegrees
      && rows.metersPerUnit == nil && columns.metersPerUnit == nil
    if isInDegrees && !WellKnownText.isGeographic(crs) {
      crs = Georeference.wgs84WKT
    } else if !isInDegrees && WellKnownText.isGeographic(crs)
      && !(rows.isWithinDegrees && columns.isWithinDegrees)
    {
      crs = ""
    }
    let unevenness = max(
      rows.unevenness(step: rowStep), columns.unevenness(step: columnStep))
    if unevenness > 0.1 {
      note = String(
        format: "its axes are not evenly spaced (by up to %.2g pixels); the mean spacing is taken",
        unevenness)
    }
    isPixelCount =
      crs.isEmpty && abs(rowStep) == 1 && abs(columnStep) == 1
      && [rows, columns].allSatisfy {
        $0.metersPerUnit == nil && [0, 0.5, 1].contains($0.values.min() ?? -1)
      }
    // Without a CRS, lengths are in m.
    let scale = crs.isEmpty ? rows.metersPerUnit ?? columns.metersPerUnit ?? 1 : 1
    func edge(_ axis: GridAxis, _ step: Double) -> Double { (axis.values[0] - step / 2) * scale }
    let (x, y) = isTransposed ? (rows, columns) : (columns, rows)
    let (dx, dy) = isTransposed ? (rowStep, columnStep) : (columnStep, rowStep)
    georeference = Georeference(
      geotransform: [
        edge(x, dx), isTransposed ? 0 : dx * scale, isTransposed ? dx * scale : 0,
        edge(y, dy), isTransposed ? dy * scale : 0, isTransposed ? 0 : dy * scale,
      ], crsWKT: crs)
  }
}
