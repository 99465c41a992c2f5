import Foundation

/// The declarations in a variable's attributes, under the names of the CF conventions and under
/// those that other programs use instead. Names are not case-sensitive.
struct CFAttributes {
  private let entries: [String: String]

  /// If a key occurs twice, the first value is used.
  init(_ attributes: [(key: String, value: String)]) {
    entries = Dictionary(
      attributes.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  init(_ attributes: [String: String]) {
    self.init(attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  private static let fillKeys = [
    "_fillvalue", "missing_value", "fillvalue", "fill_value", "missingvalue", "no_data_value",
    "nodata_value", "nodatavalue", "no_data", "nodata",
  ]
  /// PyRate uses `DATA_UNITS`.
  static let unitKeys = ["unit", "units", "data_units", "unittype"]

  /// The values declared as missing, without duplicates and NaN.
  var fills: [Double] {
    var result = [Double]()
    for value in Self.fillKeys.flatMap({ numbers($0) })
    where !value.isNaN && !result.contains(value) {
      result.append(value)
    }
    return result
  }

  /// CF's `valid_range`, or `valid_min` and `valid_max`; one of these two may be missing.
  var validRange: ClosedRange<Double>? {
    var ends = numbers("valid_range")
    if ends.count != 2 {
      let (low, high) = (numbers("valid_min").first, numbers("valid_max").first)
      guard low != nil || high != nil else { return nil }
      ends = [low ?? -.infinity, high ?? .infinity]
    }
    return ends[0] < ends[1] ? ends[0]...ends[1] : nil
  }

  /// Unit texts with their keys, in lower case.
  var units: [(key: String, text: String)] {
    Self.unitKeys.compactMap { key in
      entries[key].flatMap { text in
        text.trimmingCharacters(in: .whitespaces).isEmpty ? nil : (key, text)
      }
    }
  }

  var scale: Double { numbers("scale_factor").first { $0.isFinite && $0 != 0 } ?? 1 }
  var offset: Double { numbers("add_offset").first { $0.isFinite } ?? 0 }

  /// The EPSG code of a grid mapping, or of the file's own coordinate system.
  var epsgCode: Int32? {
    ["epsg_code", "epsg", "spatial_epsg", "srid"].lazy.compactMap {
      self[$0].flatMap { Int32($0.split(separator: ":").last.map(String.init) ?? $0) }
    }.first { $0 > 0 }
  }

  /// Well-known text of a grid mapping.
  var wkt: String? {
    ["crs_wkt", "spatial_ref"].lazy.compactMap { self[$0] }.first { !$0.isEmpty }
  }

  subscript(key: String) -> String? {
    entries[key]?.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// One number, or several as `{0, 1}`.
  private func numbers(_ key: String) -> [Double] {
    (entries[key] ?? "").split { "{}[](), ".contains($0) }.compactMap { NumberText.double($0) }
  }
}

/// Reads numbers as old and new programs write them in text.
enum NumberText {
  /// With Fortran's exponents (`-8.33D-04`) and Python's or C's suffixes (`-9999.f`).
  static func double(_ text: some StringProtocol) -> Double? {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    if let value = Double(trimmed) { return value }
    let plain = trimmed.lowercased()
    if plain.hasPrefix("0x") { return nil }
    if let value = Double(plain.replacing("d", with: "e")) { return value }
    return plain.hasSuffix("f") ? Double(plain.dropLast()) : nil
  }

  static func integer(_ text: some StringProtocol) -> Int? {
    Int(text.trimmingCharacters(in: .whitespaces)) ?? double(text).flatMap { Int(exactly: $0) }
  }
}
