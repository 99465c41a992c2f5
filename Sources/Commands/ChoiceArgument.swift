import ArgumentParser
import Evaluation
import InSARPhase
import Kernel
import Pictures
import RasterIO
import Rasters
import RateInversion
import Simulators
import StackFiles

/// An option with a fixed set of words: help lists them, messages about another word too, and the
/// case of letters does not matter.
package protocol ChoiceArgument: ExpressibleByArgument, CaseIterable, RawRepresentable
where RawValue == String {
  /// The word for this case on the command line.
  var word: String { get }
}

extension ChoiceArgument {
  package var word: String { rawValue }

  /// `Inverse-Variance` is `inverse_variance`.
  public init?(argument: String) {
    func folded(_ text: String) -> String { text.lowercased().replacing("_", with: "-") }
    let wanted = folded(argument)
    guard let found = Self.allCases.first(where: { folded($0.word) == wanted }) else { return nil }
    self = found
  }

  public var defaultValueDescription: String { word }
  public static var allValueStrings: [String] { allCases.map(\.word) }
  public static var allValueDescriptions: [String: String] { [:] }
  public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// Adds the word that was probably meant to the parser's message about a wrong one, which lists all
/// words: "The value 'tiff' is invalid for '--format'. Please provide one of 'tif' or 'npy'."
enum ChoiceSuggestion {
  static func adding(to message: String) -> String {
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.first, first.contains(" is invalid for "),
      let list = first.range(of: "Please provide one of ")
    else { return message }
    let given = quoted(first[..<list.lowerBound])
    let known = quoted(first[list.upperBound...])
    // A value may be a list, of which some words are right.
    let words = (given.first ?? "").split(separator: ",").map(String.init)
    guard let wrong = words.first(where: { !known.contains($0.lowercased()) }),
      let meant = Suggestion.nearest(to: wrong, among: known)
    else { return message }
    lines[0] += " Did you mean '\(meant)'?"
    return lines.joined(separator: "\n")
  }

  /// The texts between single quotes.
  private static func quoted(_ text: Substring) -> [String] {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return parts.indices.filter { !$0.isMultiple(of: 2) }.map { String(parts[$0]) }
  }
}

/// Several choices, separated by commas, such as `tif,png`.
package struct ChoiceList<Choice: ChoiceArgument>: ExpressibleByArgument {
  package var choices: [Choice]

  package init(_ choices: [Choice]) { self.choices = choices }

  package init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let choices = words.compactMap { Choice(argument: String($0)) }
    guard choices.count == words.count else { return nil }
    self.choices = choices
  }

  package var defaultValueDescription: String { choices.map(\.word).joined(separator: ",") }
  package static var allValueStrings: [String] { Choice.allValueStrings }
  package static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

extension ByteOrder: ChoiceArgument {}
extension LOSConvention: ChoiceArgument {}
extension MapKind: ChoiceArgument {}
extension PreprocessingMode: ChoiceArgument {}
extension RasterFormat: ChoiceArgument {}
extension SampleFormat: ChoiceArgument {}
extension SampleType: ChoiceArgument {}
extension Quantity: ChoiceArgument {}
extension Sensor: ChoiceArgument {}
extension StackFormat: ChoiceArgument {}
extension RateSearchMethod: ChoiceArgument {}
extension Weighting: ChoiceArgument {}

extension RasterUnit: ChoiceArgument {
  /// Also in the spellings of processors, such as `mm/year` or `meters per year`.
  public init?(argument: String) { self.init(parsing: argument) }
}

/// The name of a preset, or `all` of them.
struct PresetName: ExpressibleByArgument, Equatable {
  let name: String

  static let all = PresetName(name: "all")

  private init(name: String) { self.name = name }

  init?(argument: String) {
    guard let name = Self.allValueStrings.first(where: { $0 == argument.lowercased() }) else {
      return nil
    }
    self.name = name
  }

  static var allValueStrings: [String] { ScenePreset.all.map(\.name) + [all.name] }
  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}
