import Foundation
import Kernel

/// The parameters of a request, each read once and checked.
struct QueryParameters {
  private let values: [String: String]

  /// A page's requests are far shorter.
  static let greatestLength = 4096

  /// - Parameters:
  ///   - query: what follows the question mark, percent-encoded.
  ///   - known: the names that the request may have.
  /// - Throws: `StudioError.parameter` for a name that is unknown or given twice, and for text that is
  ///   not encoded UTF-8.
  init(_ query: String, known: [String]) throws {
    guard query.utf8.count <= Self.greatestLength else {
      throw StudioError.parameter(
        name: "the query", value: query,
        remedy: "it has \(query.utf8.count) bytes; use at most \(Self.greatestLength)")
    }
    var values: [String: String] = [:]
    for part in query.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map(String.init)
      guard let name = pair[0].removingPercentEncoding,
        let value = (pair.count > 1 ? pair[1] : "").removingPercentEncoding
      else {
        throw StudioError.parameter(
          name: pair[0], value: pair.last ?? "", remedy: "encode text as percent and two digits")
      }
      guard known.contains(name) else {
        let nearest =
          Suggestion.nearest(to: name, among: known).map { "did you mean \($0)? " } ?? ""
        throw StudioError.parameter(
          name: name, value: value,
          remedy: "this parameter is unknown; \(nearest)known are " + known.joined(separator: ", "))
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw StudioError.parameter(name: name, value: value, remedy: "give it once")
      }
    }
    self.values = values
  }

  /// The text of a parameter; `nil` if it is not given or empty.
  func text(_ name: String) -> String? {
    values[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    try value(name, in: range, kind: "whole number") { "\($0)" }
  }

  func seed(_ name: String) throws -> UInt64? {
    try value(name, in: 0...UInt64.max, kind: "whole number") { "\($0)" }
  }

  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    try value(name, in: range, kind: "number", spelled: \.short)
  }

  private func value<Value: LosslessStringConvertible>(
    _ name: String, in range: ClosedRange<Value>, kind: String, spelled: (Value) -> String
  ) throws -> Value? {
    try text(name).map { text in
      guard let value = Value(text), range.contains(value) else {
        throw StudioError.parameter(
          name: name, value: text,
          remedy: "use a \(kind) from \(spelled(range.lowerBound)) to \(spelled(range.upperBound))")
      }
      return value
    }
  }

  func flag(_ name: String) throws -> Bool? {
    try text(name).map { text in
      guard ["0", "1"].contains(text) else {
        throw StudioError.parameter(name: name, value: text, remedy: "use 0 or 1")
      }
      return text == "1"
    }
  }
}

extension Double {
  /// The shortest text that reads as this number again.
  var short: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension ClosedRange<Double> {
  var short: String { "\(lowerBound.short)..\(upperBound.short)" }
}
