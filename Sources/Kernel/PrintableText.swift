extension String {
  /// Text from a file as it may be shown: on one line, and without what moves a terminal's cursor,
  /// sets its title or turns the direction of writing. `\u{1B}` stands for such a character.
  public var printable: String { printable { _ in false } }

  /// As `printable`, but lines stay lines: for texts of several lines that this program made.
  public var printableLines: String { printable { $0 == "\n" || $0 == "\t" } }

  /// `printable`, no longer than a fact on a screen should be.
  public var printableFact: String {
    let text = printable
    return text.count <= 300 ? text : text.prefix(300) + "..."
  }

  /// Text from a file inside a Markdown table: no markup, no HTML, no further column.
  public var markdownText: String {
    var result = String.UnicodeScalarView()
    for scalar in printable.unicodeScalars {
      switch scalar {
      case "|", "\\", "`", "*", "[", "]":
        result.append("\\")
        result.append(scalar)
      case "<": result += "&lt;".unicodeScalars
      case ">": result += "&gt;".unicodeScalars
      case "&": result += "&amp;".unicodeScalars
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private func printable(except isKept: (Unicode.Scalar) -> Bool) -> String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if isKept(scalar) || !scalar.isUnprintable {
        result.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
      }
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  fileprivate var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    // Joiners belong to the spelling of some scripts.
    case .format: value != 0x200c && value != 0x200d
    default: false
    }
  }
}
