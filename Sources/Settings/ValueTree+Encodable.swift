/// Encoded as what it was read from: groups, lists, texts and plain values.
extension ValueTree: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package func encode(to encoder: any Encoder) throws {
    switch content {
    case .mapping(let entries):
      var container = encoder.container(keyedBy: Key.self)
      for entry in entries { try container.encode(entry.value, forKey: Key(entry.key)) }
    case .list(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    case .text(let string):
      var container = encoder.singleValueContainer()
      try container.encode(string)
    case .plain(let word):
      var container = encoder.singleValueContainer()
      if isNull {
        try container.encodeNil()
      } else if let number = Int(word) {
        try container.encode(number)
      } else if let number = Double(word), number.isFinite {
        try container.encode(number)
      } else if word == "true" || word == "false" {
        try container.encode(word == "true")
      } else {
        try container.encode(word)
      }
    }
  }
}
