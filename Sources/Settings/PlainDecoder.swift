/// Decodes a complete tree of settings, fast: no defaults, no suggestions, and faults without a place.
///
/// Drawn settings are decoded once for each sample. `ValueTreeDecoder` takes ten times as long, and
/// says what is wrong where this one fails.
struct PlainDecoder: Decoder {
  let tree: ValueTree

  struct Failed: Error {}

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let entries = tree.entries else { throw Failed() }
    return KeyedDecodingContainer(Keyed<Key>(entries: entries))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let elements = tree.elements else { throw Failed() }
    return Listed(elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(tree: tree) }

  static func decode<T: Decodable>(_ type: T.Type, _ tree: ValueTree) throws -> T {
    if type == Double.self, case .plain(let word) = tree.content, let number = Double(word),
      number.isFinite, let value = number as? T
    {
      return value
    }
    guard let scalar = ScalarReader(type) else { return try T(from: PlainDecoder(tree: tree)) }
    guard let value = scalar.read(tree) as? T else { throw Failed() }
    return value
  }
}

private final class Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let entries: [ValueTree.Entry]
  /// Types ask for their keys in the order in which they were encoded.
  private var next = 0

  init(entries: [ValueTree.Entry]) { self.entries = entries }

  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { entries.compactMap { Key(stringValue: $0.key) } }

  private func value(_ key: Key) -> ValueTree? {
    let name = key.stringValue
    for place in next..<min(next + 2, entries.count) where entries[place].key == name {
      next = place
      return entries[place].value
    }
    guard let place = entries.firstIndex(where: { $0.key == name }) else { return nil }
    next = place
    return entries[place].value
  }

  private func given(_ key: Key) throws -> ValueTree {
    guard let tree = value(key) else { throw PlainDecoder.Failed() }
    return tree
  }

  func contains(_ key: Key) -> Bool { value(key) != nil }
  func decodeNil(forKey key: Key) -> Bool { value(key)?.isNull ?? true }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try PlainDecoder.decode(type, given(key))
  }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  { try PlainDecoder(tree: given(key)).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try PlainDecoder(tree: given(key)).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { throw PlainDecoder.Failed() }
  func superDecoder(forKey key: Key) throws -> any Decoder { PlainDecoder(tree: try given(key)) }
}

private struct Listed: UnkeyedDecodingContainer {
  let elements: [ValueTree]
  var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  init(elements: [ValueTree]) { self.elements = elements }

  private mutating func next() throws -> ValueTree {
    guard !isAtEnd else { throw PlainDecoder.Failed() }
    defer { currentIndex += 1 }
    return elements[currentIndex]
  }

  mutating func decodeNil() -> Bool {
    guard !isAtEnd, elements[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try PlainDecoder.decode(type, next())
  }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<Nested>
  { try PlainDecoder(tree: next()).container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try PlainDecoder(tree: next()).unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { PlainDecoder(tree: try next()) }
}

private struct Single: SingleValueDecodingContainer {
  let tree: ValueTree
  var codingPath: [any CodingKey] { [] }
  func decodeNil() -> Bool { tree.isNull }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try PlainDecoder.decode(type, tree) }
}
