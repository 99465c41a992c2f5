/// Reads facts from the well-known text (WKT 1 or 2) of a coordinate reference system, without
/// GDAL.
package enum WellKnownText {
  /// Whether the horizontal coordinates are longitude and latitude in degrees, also in compound
  /// systems with heights (`COMPD_CS`).
  package static func isGeographic(_ wkt: String) -> Bool {
    // A projected system contains a geographic one, so the outermost name decides.
    guard let first = wkt.firstMatch(of: /(PROJC|GEOGC|GEODC|GEODETICC|LOCAL_C|ENGC|ENGINEERINGC)/)
    else { return false }
    return first.output.0.hasPrefix("GEO")
  }

  /// One unit of a projected or local system in m; 1 if the text does not state it.
  package static func metersPerUnit(_ wkt: String) -> Double {
    guard let start = wkt.firstRange(of: /(PROJC|LOCAL_C)[A-Z_]*[\[(]/) else { return 1 }
    // In WKT 1 the unit is directly inside the system, in WKT 2 in the axes.
    var depth = 0
    var isQuoted = false
    var index = start.upperBound
    while index < wkt.endIndex, depth >= 0 {
      let character = wkt[index]
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted {
        if depth == 0, wkt[index...].hasPrefix("UNIT["), let size = size(wkt[index...]) {
          return size
        }
        if character == "[" || character == "(" { depth += 1 }
        if character == "]" || character == ")" { depth -= 1 }
      }
      index = wkt.index(after: index)
    }
    guard let unit = wkt[start.upperBound..<index].firstRange(of: "LENGTHUNIT[", after: "CS[")
    else {
      return 1
    }
    return size(wkt[unit.lowerBound...]) ?? 1
  }

  /// The factor 1 in `UNIT["meter",1,...`.
  private static func size(_ unit: Substring) -> Double? {
    unit.prefixMatch(of: /(?:LENGTH)?UNIT\["[^"]*",\s*([0-9.eE+-]+)/)
      .flatMap { Double($0.output.1) }
      .flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }
}

extension Substring {
  fileprivate func firstRange(of text: String, after mark: String) -> Range<Index>? {
    guard let start = firstRange(of: mark) else { return nil }
    return self[start.upperBound...].firstRange(of: text)
  }
}
