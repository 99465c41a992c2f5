import Foundation
import Kernel

extension ValueTree {
  /// Encodes `value` with keys in the order in which they are encoded (the order of declaration for
  /// a synthesized `Codable`); a `nil` optional is written as null.
  package init(encoding value: some Encodable) throws {
    self = try EncodingSlot(nil).tree(of: value)
  }

  /// The same with what types with `DocumentedKeys` say of each key, noting keys that no one
  /// describes and descriptions of keys that do not exist.
  init(describing value: some Encodable, _ findings: DescriptionFindings) throws {
    self = try EncodingSlot(findings).tree(of: value)
  }

  /// A number in a form that every YAML and JSON reader understands: `1e-05` becomes `1.0e-05`.
  fileprivate static func number(_ value: some BinaryFloatingPoint & CustomStringConvertible)
    -> String
  {
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let text = value.description
    guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }
}

/// What is wrong with the descriptions of a configuration's keys.
final class DescriptionFindings {
  var faults: [String] = []
}

private protocol StringKeyed {}
extension Dictionary: StringKeyed where Key == String {}

/// A place in the tree that is being filled; also the Encoder of its value.
private final class EncodingSlot: Encoder {
  enum Filling {
    case empty
    case scalar(ValueTree)
    case list([EncodingSlot])
    case mapping([(key: String, slot: EncodingSlot)])
  }
  var filling = Filling.empty
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]
  /// `nil`: keys are not described.
  let findings: DescriptionFindings?
  private var descriptions: [(key: String, value: String)] = []
  /// The values that the type of what is here allows, where they can be listed.
  private var choices: [String]?

  init(_ findings: DescriptionFindings?, codingPath: [any CodingKey] = []) {
    self.findings = findings
    self.codingPath = codingPath
  }

  func tree(of value: some Encodable) throws -> ValueTree {
    try encode(value)
    return tree
  }

  var tree: ValueTree {
    switch filling {
    case .empty: ValueTree(content: .mapping([]))
    case .scalar(let tree): tree
    case .list(let slots): ValueTree(content: .list(slots.map(\.tree)))
    case .mapping(let entries):
      ValueTree(
        content: .mapping(
          entries.map {
            ValueTree.Entry(
              key: $0.key, keyOrigin: "", value: $0.slot.tree, description: description(of: $0))
          }))
    }
  }

  private func description(of entry: (key: String, slot: EncodingSlot)) -> String? {
    guard let text = descriptions.first(where: { $0.key == entry.key })?.value else { return nil }
    if let choices = entry.slot.choices { return "\(text) One of \(Self.list(choices))." }
    if case .list(let elements) = entry.slot.filling, let choices = elements.first?.choices {
      return "\(text) Any of \(Self.list(choices))."
    }
    return text
  }

  private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }

  /// Takes up what `type` says of its keys and values.
  func describe<T>(_ type: T.Type) {
    guard let findings else { return }
    choices = CaseNames.of(type)
    guard case .mapping(let entries) = filling, !(type is any StringKeyed.Type) else { return }
    let groups = (type as? any DocumentedKeys.Type).map { [$0] + $0.includedKeys } ?? []
    descriptions = groups.flatMap { $0.keyDescriptions.map { ($0.key, $0.value) } }
    let (keys, described) = (entries.map(\.key), descriptions.map(\.key))
    findings.faults += keys.filter { !described.contains($0) }
      .map { "\(type): '\($0)' has no description" }
    findings.faults += described.filter { !keys.contains($0) }
      .map { "\(type): '\($0)' is described, but is not a key" }
  }

  func encode(_ value: some Encodable) throws {
    switch value {
    case let value as String: filling = .scalar(ValueTree(content: .text(value)))
    case let value as Bool: plain(value ? "true" : "false")
    case let value as Double: plain(ValueTree.number(value))
    case let value as Float: plain(ValueTree.number(value))
    case let value as any FixedWidthInteger: plain("\(value)")
    default:
      try value.encode(to: self)
      // The order of a dictionary's keys changes from run to run.
      if value is any StringKeyed, case .mapping(let entries) = filling {
        filling = .mapping(entries.sorted { $0.key < $1.key })
      }
      describe(type(of: value))
    }
  }

  func plain(_ word: String) { filling = .scalar(ValueTree(content: .plain(word))) }

  func add(_ key: any CodingKey) -> EncodingSlot {
    let slot = EncodingSlot(findings, codingPath: codingPath + [key])
    if case .mapping(var entries) = filling {
      filling = .empty  // so that the array is grown in place
      entries.append((key.stringValue, slot))
      filling = .mapping(entries)
    } else {
      filling = .mapping([(key.stringValue, slot)])
    }
    return slot
  }

  func addElement() -> EncodingSlot {
    let slot = EncodingSlot(findings, codingPath: codingPath)
    if case .list(var slots) = filling {
      filling = .empty
      slots.append(slot)
      filling = .list(slots)
    } else {
      filling = .list([slot])
    }
    return slot
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .empty = filling { filling = .mapping([]) }
    return KeyedEncodingContainer(KeyedSlots<Key>(slot: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .empty = filling { filling = .list([]) }
    return ListSlots(slot: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleSlot(slot: self) }
}

// One generic method implements the fifteen methods that each container protocol requires.

private struct KeyedSlots<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let slot: EncodingSlot
  var codingPath: [any CodingKey] { slot.codingPath }

  func encodeNil(forKey key: Key) { slot.add(key).plain("null") }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try slot.add(key).encode(value) }
  private func put<T: Encodable>(_ value: T?, _ key: Key) throws {
    if let value { return try encode(value, forKey: key) }
    let slot = slot.add(key)
    slot.plain("null")
    slot.describe(T.self)
  }
  func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws { try put(value, key) }
  // The protocol's default implementations omit nil, and take precedence over the generic one.
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try put(value, key) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try put(value, key) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
    -> KeyedEncodingContainer<Nested>
  { slot.add(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    slot.add(key).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { slot }
  func superEncoder(forKey key: Key) -> any Encoder { slot.add(key) }
}

private struct ListSlots: UnkeyedEncodingContainer {
  let slot: EncodingSlot
  var codingPath: [any CodingKey] { slot.codingPath }
  var count: Int { if case .list(let slots) = slot.filling { slots.count } else { 0 } }

  func encodeNil() { slot.addElement().plain("null") }
  func encode<T: Encodable>(_ value: T) throws { try slot.addElement().encode(value) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type)
    -> KeyedEncodingContainer<Nested>
  { slot.addElement().container(keyedBy: type) }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    slot.addElement().unkeyedContainer()
  }
  func superEncoder() -> any Encoder { slot.addElement() }
}

private struct SingleSlot: SingleValueEncodingContainer {
  let slot: EncodingSlot
  var codingPath: [any CodingKey] { slot.codingPath }

  func encodeNil() { slot.plain("null") }
  func encode<T: Encodable>(_ value: T) throws { try slot.encode(value) }
}
