/// The sign convention of line-of-sight values.
///
/// The rule of this program: whatever the convention of a file, rates are positive toward the
/// satellite after `RateMapReader` or `prepare` has read them, and in all files that are written.
public enum LOSConvention: String, Sendable, Codable, CaseIterable {
  case towardSatellite = "positive toward the satellite"
  case awayFromSatellite = "positive away from the satellite"

  /// The factor that makes values positive toward the satellite: 1 or -1.
  public var factorTowardSatellite: Double { self == .towardSatellite ? 1 : -1 }

  /// The value of `--los-sign`.
  public var word: String { self == .towardSatellite ? "toward" : "away" }

  /// - Parameter word: `toward` or `away`.
  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word.lowercased() }) else {
      return nil
    }
    self = found
  }

  /// The convention that a sentence states, such as "positive toward the satellite", "LOS velocity;
  /// positive values: motion away from the sensor" or "negative where range increases"; `nil` if it
  /// states none.
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

/// A statement of a file about its sign, and its source.
package struct LOSStatement: Equatable {
  package var convention: LOSConvention
  /// For example `LOS_CONVENTION 'positive away from the satellite'`.
  package var source: String

  package init(_ convention: LOSConvention, source: String) {
    (self.convention, self.source) = (convention, source)
  }

  /// Keys that are only about the sign, so that a single word is enough.
  private static let signKeys = ["LOS_CONVENTION", "LOS_SIGN", "SIGN_CONVENTION"]
  /// Keys of free descriptions.
  private static let textKeys = [
    "DESCRIPTION", "LONG_NAME", "STANDARD_NAME", "COMMENT", "COMMENTS", "REMARK", "TITLE",
    "TIFFTAG_IMAGEDESCRIPTION",
  ]

  /// - Parameter attributes: the attributes of the file or the dataset; netCDF's `variable#name` is
  ///   treated as `name`.
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

  /// Finds a word such as `away` or `TOWARDS`; `nil` if there are both or neither.
  private static func word(in text: String) -> LOSConvention? {
    let lower = text.lowercased()
    switch (lower.contains("toward"), lower.contains("away")) {
    case (true, false): return .towardSatellite
    case (false, true): return .awayFromSatellite
    default: return nil
    }
  }
}
