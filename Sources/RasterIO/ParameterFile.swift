import DurableFiles
import Foundation
import Rasters

/// A text file of `key: value` or `key value` lines: GAMMA's and LiCSBAS's `.par`, ROI_PAC's `.rsc`.
struct ParameterFile: Sendable {
  let path: String
  let entries: [String: String]

  var name: String { FilePath.name(path) }

  /// `nil` if the file does not exist or is not text.
  init?(ifPresent path: String) {
    guard FileSystem.exists(path), !FileSystem.isFolder(path),
      let data = try? OpenedFile(path), data.byteCount < 1 << 22,
      let bytes = try? data.bytes(data.byteCount, at: 0), let text = Self.text(bytes)
    else { return nil }
    var entries = [String: String]()
    for line in text.split(whereSeparator: \.isNewline) {
      // The first word is the key. A colon directly after it, or after spaces, ends it; later
      // colons belong to the value, such as a time of day.
      let line = line.drop { $0.isWhitespace }
      guard let end = line.firstIndex(where: { $0.isWhitespace || $0 == ":" }) else { continue }
      let key = String(line[..<end])
      var rest = line[end...].drop { $0.isWhitespace }
      if rest.first == ":" { rest = rest.dropFirst() }
      let value = rest.trimmingCharacters(in: .whitespaces)
      if !key.isEmpty && entries[key] == nil { entries[key] = value }
    }
    guard !entries.isEmpty else { return nil }
    self.path = path
    self.entries = entries
  }

  /// Text in UTF-8 with or without a byte order mark, in UTF-16 with one, or in Latin-1; `nil` for
  /// bytes that are not text.
  private static func text(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      return String(data: Data(bytes), encoding: .utf16)
    }
    let plain = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
    guard plain.allSatisfy({ $0 >= 0x20 || (9...13).contains($0) || $0 == 0x1a }) else {
      return nil
    }
    return String(validating: plain, as: UTF8.self)
      ?? String(String.UnicodeScalarView(plain.map { Unicode.Scalar($0) }))
  }

  /// The first word of an entry, for values such as `40.9 decimal degrees`.
  func word(_ key: String) -> Substring? {
    entries[key]?.split(whereSeparator: \.isWhitespace).first
  }
  func double(_ key: String) -> Double? {
    word(key).flatMap { NumberText.double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }
  func integer(_ key: String) -> Int? { word(key).flatMap { NumberText.integer($0) } }

  /// The value of the first of `keys` that has a positive integer.
  func size(_ keys: [String]) -> Int? {
    keys.lazy.compactMap(integer).first { $0 > 0 }
  }
  var width: Int? {
    size([
      "WIDTH", "width", "range_samples", "ifg_width", "interferogram_width", "range_samp_1",
    ])
  }
  var height: Int? {
    size([
      "FILE_LENGTH", "LENGTH", "nlines", "azimuth_lines", "ifg_length",
      "interferogram_azimuth_lines", "az_samp_1",
    ])
  }

  /// The grid of a GAMMA DEM parameter file, whose corner coordinates are those of the center of
  /// the first pixel.
  var gammaGeoreference: Georeference? {
    guard let latitude = double("corner_lat"), let longitude = double("corner_lon"),
      let dy = double("post_lat"), let dx = double("post_lon"), dx != 0, dy != 0
    else { return nil }
    return Georeference(
      geotransform: [longitude - dx / 2, dx, 0, latitude - dy / 2, 0, dy],
      crsWKT: Georeference.wgs84WKT)
  }

  /// The grid of a ROI_PAC or MintPy header, whose first point is the corner of the first pixel.
  var firstStepGeoreference: Georeference? { Georeference(firstStep: entries) }
}

extension Georeference {
  /// The coordinate reference system of latitude and longitude in degrees, EPSG:4326.
  public static let wgs84WKT = """
    GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,\
    AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,\
    AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],\
    AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]
    """

  /// From the attributes `X_FIRST`, `Y_FIRST`, `X_STEP`, `Y_STEP`, which MintPy and ROI_PAC use.
  /// The CRS is set if the unit is degrees, and unknown if it is meters.
  init?(firstStep attributes: [String: String]) {
    func number(_ key: String) -> Double? {
      attributes[key]?.split(whereSeparator: \.isWhitespace).first
        .flatMap { NumberText.double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
    guard let x = number("X_FIRST"), let y = number("Y_FIRST"), let dx = number("X_STEP"),
      let dy = number("Y_STEP"), dx != 0, dy != 0
    else { return nil }
    let unit = attributes["X_UNIT"]?.lowercased().trimmingCharacters(in: .whitespaces)
    // Without a unit, the steps decide: pixels in degrees are smaller than 1, all others are not.
    let isInDegrees = unit.map { $0.hasPrefix("deg") } ?? (abs(dx) < 1 && abs(dy) < 1)
    self.init(geotransform: [x, dx, 0, y, 0, dy], crsWKT: isInDegrees ? Self.wgs84WKT : "")
  }
}
