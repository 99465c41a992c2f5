import Foundation
import Kernel

/// The findings of a decoding: all faults, and the keys that the type requested at each place.
final class DecodingFindings {
  var faults: [String] = []
  /// Requested keys, in order, by the path of their group (`""`, `training`, `schedule[0]`).
  var knownKeys: [String: [String]] = [:]
  /// Groups whose decoding stopped early: not all their keys were requested.
  var unfinished: Set<String> = []
  /// Places where whole numbers were requested.
  var wholeNumbers: Set<String> = []

  func ask(_ key: String, in path: String) {
    if knownKeys[path]?.contains(key) != true { knownKeys[path, default: []].append(key) }
  }
}

/// Thrown after the fault itself was added to `DecodingFindings`.
struct FaultRecorded: Error {}

/// Decodes a value from the user's settings, and from the defaults for missing keys.
///
/// A wrong value is recorded and its default is decoded instead, so that one run finds every fault.
/// A given list or dictionary replaces the whole default.
struct ValueTreeDecoder: Decoder {
  let given: ValueTree?
  let fallback: ValueTree?
  let path: String
  let findings: DecodingFindings

  var codingPath: [any CodingKey] { [] }  // faults are reported with `path`
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  var tree: ValueTree? { given ?? fallback }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    do {
      return try read(type)
    } catch {
      if !(error is FaultRecorded) { note(type, error) }
      guard given != nil, let fallback else {
        findings.unfinished.insert(path)
        throw FaultRecorded()
      }
      let defaults = ValueTreeDecoder(
        given: nil, fallback: fallback, path: path, findings: findings)
      return try defaults.read(type)
    }
  }

  private func read<T: Decodable>(_ type: T.Type) throws -> T {
    guard let tree else { throw fault("is missing (expected \(expectation(type)))") }
    guard let scalar = ScalarReader(type) else { return try T(from: self) }
    if type is any FixedWidthInteger.Type { findings.wholeNumbers.insert(path) }
    guard let value = scalar.read(tree) as? T else { throw mismatch(scalar.expectation) }
    return value
  }

  func fault(_ message: String) -> FaultRecorded {
    let origin = tree?.origin ?? ""
    findings.faults.append((origin.isEmpty ? "" : "\(origin): ") + "\(path) \(message).")
    return FaultRecorded()
  }

  /// - Parameter words: the words of which one was expected.
  func mismatch(_ expected: String, words: [String] = []) -> FaultRecorded {
    let meant: String? =
      switch tree?.content {
      case .mapping:
        tree?.entries?.first.flatMap { Suggestion.nearest(to: $0.key, among: Distribution.names) }
      case .plain(let word), .text(let word): Suggestion.nearest(to: word, among: words)
      case .list, nil: nil
      }
    return fault(
      "must be \(expected), not \(tree?.summary ?? "nothing")"
        + (meant.map { " (did you mean '\($0)'?)" } ?? ""))
  }

  private func note<T>(_ type: T.Type, _ error: any Error) {
    if let names = CaseNames.of(type) {
      _ = mismatch("one of \(names.joined(separator: ", "))", words: names)
    } else if let error = error as? DecodingError {
      let context: DecodingError.Context? =
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
          .keyNotFound(_, let context), .dataCorrupted(let context):
          context
        @unknown default: nil
        }
      _ = fault("cannot be \(tree?.summary ?? "nothing"): \(context?.debugDescription ?? "")")
    } else {
      _ = fault("cannot be \(tree?.summary ?? "nothing"): \(error)")
    }
  }

  private func expectation<T>(_ type: T.Type) -> String {
    ScalarReader(type)?.expectation ?? CaseNames.of(type).map {
      "one of " + $0.joined(separator: ", ")
    }
      ?? "a value"
  }

  func child(_ key: String) -> ValueTreeDecoder {
    ValueTreeDecoder(
      given: given?[key], fallback: fallback?[key], path: path.isEmpty ? key : "\(path).\(key)",
      findings: findings)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    // `training:` with all lines below it commented out is null and counts as not given.
    let isEmptied = given?.isNull == true && fallback?.entries != nil
    let group = ValueTreeDecoder(
      given: isEmptied ? nil : given, fallback: fallback, path: path, findings: findings)
    guard group.tree?.entries != nil else { throw mismatch("a group of keys") }
    return KeyedDecodingContainer(KeyedReader<Key>(decoder: group))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let elements = tree?.elements else { throw mismatch("a list") }
    return ListReader(decoder: self, elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { SingleReader(decoder: self) }
}

// One generic method implements the fifteen methods that each container protocol requires.

private struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: ValueTreeDecoder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { (decoder.tree?.entries ?? []).compactMap { Key(stringValue: $0.key) } }

  private func child(_ key: Key) -> ValueTreeDecoder {
    decoder.findings.ask(key.stringValue, in: decoder.path)
    return decoder.child(key.stringValue)
  }

  func contains(_ key: Key) -> Bool { child(key).tree != nil }
  func decodeNil(forKey key: Key) -> Bool { child(key).tree?.isNull ?? true }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try child(key).decode(type)
  }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  { try child(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }
  func superDecoder() -> any Decoder { decoder }
  func superDecoder(forKey key: Key) -> any Decoder { child(key) }
}

private struct ListReader: UnkeyedDecodingContainer {
  let decoder: ValueTreeDecoder
  let elements: [ValueTree]
  var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  private mutating func next() -> ValueTreeDecoder {
    defer { currentIndex += 1 }
    return ValueTreeDecoder(
      given: isAtEnd ? nil : elements[currentIndex], fallback: nil,
      path: "\(decoder.path)[\(currentIndex)]", findings: decoder.findings)
  }

  mutating func decodeNil() -> Bool {
    guard !isAtEnd, elements[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().decode(type) }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<Nested>
  { try next().container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }
  mutating func superDecoder() -> any Decoder { next() }
}

private struct SingleReader: SingleValueDecodingContainer {
  let decoder: ValueTreeDecoder
  var codingPath: [any CodingKey] { [] }
  func decodeNil() -> Bool { decoder.tree?.isNull ?? true }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
}
