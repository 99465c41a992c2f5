import Foundation

extension ValueTree {
  /// JSON with keys in order: on one line, or indented by two spaces.
  ///
  /// JSON has no infinite or undefined numbers: they become "inf", "-inf" and "nan", which
  /// `float()` reads in Python and `JSONDecoder` with `StatsLog.decoder`'s strategy in Swift.
  package func json(pretty: Bool = false, indent: String = "") -> String {
    let inner = pretty ? indent + "  " : ""
    let (begin, separator, end) =
      pretty ? ("\n\(inner)", ",\n\(inner)", "\n\(indent)") : ("", ",", "")
    switch content {
    case .plain(let word):
      switch word {
      case ".inf": return "\"inf\""
      case "-.inf": return "\"-inf\""
      case ".nan": return "\"nan\""
      default: return word
      }
    case .text(let string):
      return Self.quoted(string)
    case .list(let elements) where elements.allSatisfy(\.isScalar):
      return "[" + elements.map { $0.json() }.joined(separator: pretty ? ", " : ",") + "]"
    case .list(let elements):
      let parts = elements.map { $0.json(pretty: pretty, indent: inner) }
      return "[" + begin + parts.joined(separator: separator) + end + "]"
    case .mapping(let entries) where entries.isEmpty:
      return "{}"
    case .mapping(let entries):
      let parts = entries.map {
        Self.quoted($0.key) + (pretty ? ": " : ":") + $0.value.json(pretty: pretty, indent: inner)
      }
      return "{" + begin + parts.joined(separator: separator) + end + "}"
    }
  }

  /// YAML in block style, with lists of scalars on one line; ends with a line feed.
  func yaml() -> String { yamlLines().map { $0 + "\n" }.joined() }

  /// The same with the descriptions of the keys as comments above them, and empty lines around the
  /// outermost groups.
  func commentedYAML() -> String {
    var text = ""
    var wasGroup = false
    for (index, entry) in (entries ?? []).enumerated() {
      let isGroup = entry.value.yamlInline == nil
      if index > 0, isGroup || wasGroup { text += "\n" }
      wasGroup = isGroup
      text += Self.yamlLines(entry, withComments: true).map { $0 + "\n" }.joined()
    }
    return text
  }

  private static func yamlLines(_ entry: Entry, withComments: Bool) -> [String] {
    let comment = withComments ? wrapped(entry.description ?? "").map { "# \($0)" } : []
    let key = yamlText(entry.key)
    if let word = entry.value.yamlInline { return comment + ["\(key): \(word)"] }
    return comment + ["\(key):"]
      + entry.value.yamlLines(withComments: withComments).map { "  " + $0 }
  }

  /// Text in lines of up to 92 characters; none where it is empty.
  private static func wrapped(_ text: String) -> [String] {
    text.split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + word.count < 92 {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }

  private func yamlLines(withComments: Bool = false) -> [String] {
    switch content {
    case .mapping(let entries) where !entries.isEmpty:
      return entries.flatMap { Self.yamlLines($0, withComments: withComments) }
    case .list(let elements) where yamlInline == nil:
      return elements.flatMap { element -> [String] in
        let lines = element.yamlInline.map { [$0] } ?? element.yamlLines()
        return ["- " + lines[0]] + lines.dropFirst().map { "  " + $0 }
      }
    default:
      return [yamlInline ?? ""]
    }
  }

  /// The tree on one line, for lists of scalars; otherwise `nil`.
  private var yamlInline: String? {
    switch content {
    case .plain(let word): word
    case .text(let string): Self.yamlText(string)
    case .list(let elements) where elements.allSatisfy(\.isScalar):
      "[" + elements.compactMap(\.yamlInline).joined(separator: ", ") + "]"
    case .mapping(let entries) where entries.isEmpty: "{}"
    default: nil
    }
  }

  var isScalar: Bool {
    switch content {
    case .plain, .text: true
    case .list, .mapping: false
    }
  }

  /// A string without quotes if no YAML reader can misread it; otherwise quoted as in JSON.
  private static func yamlText(_ string: String) -> String {
    func isLetter(_ byte: UInt8) -> Bool {
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    let isBare =
      string.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "/") } ?? false
      && string.utf8.allSatisfy {
        isLetter($0) || (0x30...0x39).contains($0) || "_-./".utf8.contains($0)
      }
    let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
    return isBare && !words.contains(string.lowercased()) ? string : quoted(string)
  }

  private static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
