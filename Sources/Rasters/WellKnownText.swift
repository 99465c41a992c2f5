/// Reads facts from the well-known text (WKT 1 or 2) of a coordinate reference system, without
/// GDAL.
///
/// Scans bytes rather than with `Regex`, whose compilation took a third of the time of a sample.
package enum WellKnownText {
  /// Whether the horizontal coordinates are longitude and latitude in degrees, also in compound
  /// systems with heights (`COMPD_CS`).
  package static func isGeographic(_ wkt: String) -> Bool {
    let text = Array(wkt.utf8)[...]
    let geographic = ["GEOGC", "GEODC", "GEODETICC"].compactMap { text.index(of: $0) }.min()
    let others = ["PROJC", "LOCAL_C", "ENGC", "ENGINEERINGC"].compactMap { text.index(of: $0) }
    // A projected system contains a geographic one, so the outermost name decides.
    guard let geographic else { return false }
    return others.allSatisfy { $0 > geographic }
  }

  /// Whether lengths on the map grow away from the equator, as Mercator's do.
  package static func isMercator(_ wkt: String) -> Bool {
    let text = Array(wkt.utf8)[...]
    return text.index(of: "Mercator_1SP") != nil || text.index(of: "Pseudo-Mercator") != nil
  }

  /// One unit of a projected or local system in m; 1 if the text does not state it.
  package static func metersPerUnit(_ wkt: String) -> Double {
    let text = Array(wkt.utf8)[...]
    guard let start = contentOfSystem(text) else { return 1 }
    // In WKT 1 the unit is directly inside the system, in WKT 2 in the axes.
    var depth = 0
    var isQuoted = false
    var index = start
    while index < text.endIndex, depth >= 0 {
      let character = text[index]
      if character == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted {
        if depth == 0, let size = size(text[index...], after: "UNIT[") { return size }
        if isOpening(character) { depth += 1 }
        if character == UInt8(ascii: "]") || character == UInt8(ascii: ")") { depth -= 1 }
      }
      index += 1
    }
    guard let axes = text[start..<index].index(of: "CS["),
      let unit = text[axes..<index].index(of: "LENGTHUNIT[")
    else { return 1 }
    return size(text[unit...], after: "LENGTHUNIT[") ?? 1
  }

  /// The place behind `PROJCS[`, `PROJCRS[`, `LOCAL_CS[` or the like, with either bracket.
  private static func contentOfSystem(_ text: ArraySlice<UInt8>) -> Int? {
    var rest = text
    while let start = ["PROJC", "LOCAL_C"].compactMap({ rest.index(of: $0) }).min() {
      let isLetter = { (byte: UInt8) in
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
      }
      let end = text[start...].firstIndex { !isLetter($0) } ?? text.endIndex
      if end < text.endIndex, isOpening(text[end]) { return end + 1 }
      rest = text[(start + 1)...]
    }
    return nil
  }

  private static func isOpening(_ character: UInt8) -> Bool {
    character == UInt8(ascii: "[") || character == UInt8(ascii: "(")
  }

  /// The factor 1 in `UNIT["meter",1,...`; `nil` if the text does not begin with `keyword` and one.
  private static func size(_ text: ArraySlice<UInt8>, after keyword: String) -> Double? {
    guard text.starts(with: keyword.utf8) else { return nil }
    var rest = text.dropFirst(keyword.utf8.count)
    guard rest.popFirst() == UInt8(ascii: "\""),
      let quote = rest.firstIndex(of: UInt8(ascii: "\""))
    else { return nil }
    rest = rest[(quote + 1)...]
    guard rest.popFirst() == UInt8(ascii: ",") else { return nil }
    let number = rest.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
      .prefix { "0123456789.eE+-".utf8.contains($0) }
    return Double(String(decoding: number, as: UTF8.self))
      .flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
  }
}

extension ArraySlice<UInt8> {
  /// Where `text`, which is not empty, first begins.
  fileprivate func index(of text: String) -> Index? {
    let word = [UInt8](text.utf8)
    guard count >= word.count else { return nil }
    return (startIndex...endIndex - word.count).first { start in
      self[start] == word[0] && self[start..<start + word.count].elementsEqual(word)
    }
  }
}
