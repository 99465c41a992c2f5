import ArgumentParser
import Evaluation
import InSARPhase
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
extension PreprocessingMode: ChoiceArgument {}
extension RasterFormat: ChoiceArgument {}
extension SampleFormat: ChoiceArgument {}
extension SampleType: ChoiceArgument {}
extension Sensor: ChoiceArgument {}
extension StackFormat: ChoiceArgument {}
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
