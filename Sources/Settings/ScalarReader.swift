/// Reads one scalar of a `ValueTree` as a given type, and names that type for messages.
struct ScalarReader {
  /// The expected value for messages, such as `a whole number`.
  let expectation: String
  /// The value, or nil if the text does not contain one.
  let read: (ValueTree) -> Any?

  /// nil for types that are not scalars.
  init?(_ type: Any.Type) {
    switch type {
    case is Bool.Type:
      expectation = "true or false"
      read = { Self.word($0).flatMap { Self.booleans[$0.lowercased()] } }
    case is String.Type:
      expectation = "text"
      read = Self.string
    case is Double.Type:
      expectation = "a number"
      read = { Self.word($0).flatMap { Self.number($0, Double.self) } }
    case is Float.Type:
      expectation = "a number"
      read = { Self.word($0).flatMap { Self.number($0, Float.self) } }
    case let integer as any FixedWidthInteger.Type:
      let isUnsigned = !integer.isSigned
      expectation = "a whole number" + (isUnsigned ? ", zero or more" : "")
      read = { Self.word($0).flatMap { Self.integer($0, integer) } }
    default:
      return nil
    }
  }

  private static let booleans = [
    "true": true, "yes": true, "on": true, "false": false, "no": false, "off": false,
  ]

  private static func word(_ tree: ValueTree) -> String? {
    if case .plain(let word) = tree.content { word } else { nil }
  }

  private static func string(_ tree: ValueTree) -> Any? {
    switch tree.content {
    case .text(let string): string
    case .plain(let word): tree.isNull ? nil : word
    case .list, .mapping: nil
    }
  }

  /// NaN is refused, because no setting can be NaN. Infinity is written `.inf`, as in YAML.
  private static func number<F: BinaryFloatingPoint & LosslessStringConvertible>(
    _ word: String, _ type: F.Type
  ) -> F? {
    switch word {
    case ".inf", "+.inf": return .infinity
    case "-.inf": return -.infinity
    default:
      guard let value = F(word), value.isFinite else { return nil }
      return value
    }
  }

  /// Also accepts `1e6` and `3.0`, which are exact whole numbers.
  private static func integer<I: FixedWidthInteger>(_ word: String, _ type: I.Type) -> I? {
    I(word) ?? Double(word).flatMap { abs($0) < 0x1p53 ? I(exactly: $0) : nil }
  }
}
