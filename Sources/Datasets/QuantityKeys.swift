import Foundation

/// The keys of `dataset.json` for quantities other than rates, and for several: those that end with the
/// unit of rates lose it, since the `unit` of the manifest, or of the companion, holds for them.
enum QuantityKeys {
  private static let totals = [
    "minimumCMPerYear": "minimum", "maximumCMPerYear": "maximum", "meanCMPerYear": "mean",
    "standardDeviationCMPerYear": "standardDeviation",
  ]
  private static let origin = [
    "factorToCMPerYear": "factorToUnit", "medianRemovedCMPerYear": "medianRemoved",
  ]

  private static func names(in path: [any CodingKey]) -> [String: String] {
    switch path.dropLast().last?.stringValue {
    case "totals": totals
    case "origin": origin
    default: [:]
    }
  }

  static var encoding: JSONEncoder.KeyEncodingStrategy {
    .custom { path in
      let key = path[path.count - 1].stringValue
      return Name(names(in: path)[key] ?? key)
    }
  }

  static var decoding: JSONDecoder.KeyDecodingStrategy {
    .custom { path in
      let key = path[path.count - 1].stringValue
      return Name(names(in: path).first { $0.value == key }?.key ?? key)
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
