extension RasterUnit {
  /// The unit that `text` means, in the spellings of processors, conventions and users: `mm/yr`,
  /// `meters / year`, `m a-1`, `m yr**-1` (CF), `mm yr^{-1}` and `mm\,yr$^{-1}$` (LaTeX),
  /// `mm·yr⁻¹`, `mm per year`, `mm/yr LOS`, `radian`; `nil` for any other text.
  public init?(parsing text: String) {
    var compact = Self.compact(text)
    for direction in ["line-of-sight", "lineofsight", "los"] where compact.hasSuffix(direction) {
      compact.removeLast(direction.count)
    }
    let length: Substring
    let isRate: Bool
    if let match = compact.wholeMatch(of: /(.+?)(?:\/|per)(?:years?|yrs?|y|a|annum|ann)/)
      ?? compact.wholeMatch(of: /(.+?)(?:years?|yrs?|y|a)-1/)
    {
      (length, isRate) = (match.output.1, true)
    } else {
      (length, isRate) = (compact[...], false)
    }
    switch length {
    case "m", "meter", "meters", "metre", "metres": self = isRate ? .metersPerYear : .meters
    case "cm", "centimeter", "centimeters", "centimetre", "centimetres":
      self = isRate ? .centimetersPerYear : .centimeters
    case "mm", "millimeter", "millimeters", "millimetre", "millimetres":
      self = isRate ? .millimetersPerYear : .millimeters
    case "rad", "rads", "radian", "radians":
      guard !isRate else { return nil }
      self = .radians
    case "1", "dimensionless", "unitless":
      guard !isRate else { return nil }
      self = .one
    default: return nil
    }
  }

  /// The text in lower case, without spaces, brackets, signs of products and powers and LaTeX
  /// markup, and with plain digits and minus signs, so that only forms such as `mm/yr`, `mmperyear`
  /// and `mmyr-1` remain.
  private static func compact(_ text: String) -> String {
    var result = ""
    for character in text.lowercased() where !character.isWhitespace {
      switch character {
      case "[", "]", "(", ")", "{", "}", "*", "^", ".", "·", "⋅", "∙", "×", "_", "$", "\\", ",",
        ";",
        "~", "\"", "'", "\0", "\u{FEFF}", "\u{200B}":
        continue
      case "−", "⁻", "–", "‐", "‑", "—", "﹣", "-": result.append("-")
      case "¹", "１": result.append("1")
      case "∕", "⁄", "／": result.append("/")
      default: result.append(character)
      }
    }
    for macro in ["mathrm", "textrm", "text"] { result = result.replacing(macro, with: "") }
    return result
  }

  /// As `init(parsing:)`, for text that a user typed.
  /// - Throws: `RasterError.unknownUnit` with the list of units.
  public static func parse(_ text: String) throws -> RasterUnit {
    guard let unit = RasterUnit(parsing: text) else { throw RasterError.unknownUnit(text) }
    return unit
  }
}
