/// Which way a line-of-sight value counts.
///
/// The one sign rule of this program: whatever a file says, rates are positive toward the satellite
/// once `RateMapReader` or `prepare` has read them, and so is everything that is written.
public enum LOSConvention: String, Sendable, Codable, CaseIterable {
  case towardSatellite = "positive toward the satellite"
  case awayFromSatellite = "positive away from the satellite"

  /// What makes values positive toward the satellite: 1 or -1.
  public var factorTowardSatellite: Double { self == .towardSatellite ? 1 : -1 }

  /// As `--los-sign` takes it.
  public var word: String { self == .towardSatellite ? "toward" : "away" }

  /// - Parameter word: `toward` or `away`.
  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word.lowercased() }) else {
      return nil
    }
    self = found
  }

  /// What a sentence says: "positive toward the satellite", "LOS velocity; positive values: motion
  /// away from the sensor", "negative where range increases". `nil` where it speaks of neither.
  public init?(sentence: String) {
    guard
      let found = Self.direction(of: "positive", in: sentence)
        ?? Self.direction(of: "negative", in: sentence).map(\.opposite)
    else { return nil }
    self = found
  }

  private var opposite: LOSConvention {
    self == .towardSatellite ? .awayFromSatellite : .towardSatellite
  }

  private static func direction(of sign: String, in sentence: String) -> LOSConvention? {
    let lower = sentence.lowercased()
    guard let start = lower.firstRange(of: sign)?.upperBound else { return nil }
    let pattern = /^[^.;\n]{0,60}?(?<direction>toward|away|range increas|range decreas)/
    guard let match = lower[start...].firstMatch(of: pattern) else { return nil }
    return ["toward", "range decreas"].contains(match.direction)
      ? .towardSatellite : .awayFromSatellite
  }
}

/// What a file says about its sign, and where.
package struct LOSStatement: Equatable {
  package var convention: LOSConvention
  /// Such as `LOS_CONVENTION 'positive away from the satellite'`.
  package var source: String

  package init(_ convention: LOSConvention, source: String) {
    (self.convention, self.source) = (convention, source)
  }

  /// Keys that speak of the sign alone, so that a bare word is enough.
  private static let signKeys = ["LOS_CONVENTION", "LOS_SIGN", "SIGN_CONVENTION"]
  /// Keys under which people describe their data.
  private static let textKeys = [
    "DESCRIPTION", "LONG_NAME", "STANDARD_NAME", "COMMENT", "COMMENTS", "REMARK", "TITLE",
    "TIFFTAG_IMAGEDESCRIPTION",
  ]

  /// - Parameter attributes: of the file or the dataset; netCDF's `variable#name` counts as `name`.
  package init?(in attributes: [String: String]) {
    let named = attributes.map {
      (
        key: $0.key, name: $0.key.split(separator: "#").last.map { $0.uppercased() } ?? "",
        text: $0.value
      )
    }.sorted { $0.key < $1.key }
    for name in Self.signKeys {
      for (key, found, text) in named where found == name {
        if let convention = LOSConvention(sentence: text) ?? Self.word(in: text) {
          (self.convention, source) = (convention, "\(key) '\(text)'")
          return
        }
      }
    }
    for name in Self.textKeys {
      for (key, found, text) in named where found == name {
        guard let convention = LOSConvention(sentence: text) else { continue }
        (self.convention, source) = (convention, "\(key) '\(text.prefix(80))'")
        return
      }
    }
    return nil
  }

  /// A word such as `away`, `TOWARDS`; `nil` where both or neither are there.
  private static func word(in text: String) -> LOSConvention? {
    let lower = text.lowercased()
    switch (lower.contains("toward"), lower.contains("away")) {
    case (true, false): return .towardSatellite
    case (false, true): return .awayFromSatellite
    default: return nil
    }
  }
}
