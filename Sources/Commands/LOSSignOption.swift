import ArgumentParser
import Rasters

extension LOSConvention {
  package static let optionHelp: ArgumentHelp =
    "Sign of files that do not state it: toward or away (positive toward the satellite or away)."

  /// What `--los-sign` says.
  package init(option text: String, name: String = "--los-sign") throws {
    guard let convention = LOSConvention(word: text) else {
      throw ValidationError("\(name) '\(text)' is unknown; choose toward or away.")
    }
    self = convention
  }
}
