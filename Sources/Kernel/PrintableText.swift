extension String {
  /// Text from a file made safe to show: on one line, and without characters that move a terminal's
  /// cursor, set its title or change the writing direction. They are replaced by escapes such as
  /// `\u{1B}`.
  public var printable: String { printable { _ in false } }

  /// As `printable`, but keeps line feeds and tabs, for texts of several lines that this program
  /// made.
  public var printableLines: String { printable { $0 == "\n" || $0 == "\t" } }

  /// `printable`, shortened to a length that fits on a screen.
  public var printableFact: String {
    let text = printable
    return text.count <= 300 ? text : text.prefix(300) + "..."
  }

  /// Text from a file, escaped for a Markdown table: no markup, no HTML, no new column.
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
    // Joiners are needed to spell some scripts.
    case .format: value != 0x200c && value != 0x200d
    default: false
    }
  }
}
