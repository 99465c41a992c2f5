import ArgumentParser
import Foundation
import Kernel
import TestSupport
import Testing

@testable import ganinsar_torch

/// The help of every subcommand, as golden files: `GANINSAR_WRITE_GOLDEN=1 swift test --filter
/// HelpTests` writes them again, and the difference belongs into the review.
@Suite struct HelpTests {
  /// The subcommands that do something, by the words that call them.
  static let commands: [(words: [String], type: any ParsableCommand.Type)] = leaves(
    of: GANInSARTorch.self)

  private static func leaves(of type: any ParsableCommand.Type, _ words: [String] = []) -> [(
    words: [String], type: any ParsableCommand.Type
  )] {
    let subcommands = type.configuration.subcommands.filter { $0.configuration.shouldDisplay }
    guard !subcommands.isEmpty else { return [(words, type)] }
    return subcommands.flatMap { leaves(of: $0, words + [$0._commandName]) }
  }

  static func help(_ words: [String]) -> String {
    let type = commands.first { $0.words == words }?.type ?? GANInSARTorch.self
    return GANInSARTorch.helpMessage(for: type, columns: 100) + "\n"
  }

  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  @Test(arguments: commands.map(\.words) + [[]])
  func helpIsAsReviewed(_ words: [String]) throws {
    let file = Self.golden.appendingPathComponent(
      (["ganinsar"] + words).joined(separator: "-") + ".txt")
    let help = Self.help(words)
    if ProcessInfo.processInfo.environment["GANINSAR_WRITE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: Self.golden, withIntermediateDirectories: true)
      try Data(help.utf8).write(to: file)
    }
    let expected = try? String(contentsOf: file, encoding: .utf8)
    #expect(
      help == expected,
      "\(file.lastPathComponent) differs: if this is meant, run with GANINSAR_WRITE_GOLDEN=1")
  }

  @Test(arguments: commands.map(\.words))
  func everyCommandHasExamplesThatParse(_ words: [String]) throws {
    let examples = Self.examples(words)
    #expect(!examples.isEmpty)
    for example in examples {
      let arguments = example.prefix { $0 != ">" }
      #expect(Array(arguments.prefix(words.count + 1)) == ["ganinsar"] + words)
      #expect(throws: Never.self, "\(example)") {
        _ = try GANInSARTorch.parseAsRoot(Array(arguments.dropFirst()))
      }
    }
  }

  /// The words of the lines below `Examples:`.
  private static func examples(_ words: [String]) -> [[String]] {
    guard let type = commands.first(where: { $0.words == words })?.type else { return [] }
    let lines = type.configuration.discussion.split(separator: "\n").map(String.init)
    guard let start = lines.firstIndex(of: "Examples:") else { return [] }
    return lines[(start + 1)...].map { $0.split(separator: " ").map(String.init) }
  }

  /// Options are in groups with titles; only those of the parser itself are not.
  @Test(
    arguments: commands.map(\.words))
  func optionsAreGrouped(_ words: [String]) {
    let lines = Self.help(words).split(separator: "\n").map(String.init)
    let start = lines.firstIndex(of: "OPTIONS:") ?? lines.endIndex
    let ungrouped = lines[start...].filter { $0.contains("--") }
      .filter { !$0.contains("--version") && !$0.contains("--help") }
    #expect(ungrouped.isEmpty, "\(ungrouped)")
  }

  /// The names that libraries use in messages are flags of the command.
  @Test(arguments: OptionName.allCases)
  func everyNameIsAFlag(_ name: OptionName) {
    let help = Self.commands.map { Self.help($0.words) }.joined()
    let isThere =
      help.range(of: "\(name.flag)[ ,\n]", options: .regularExpression) != nil
      || help.contains("\(name.flag)/")
    #expect(isThere, "no command has \(name.flag)")
  }

  @Test(
    arguments: [
      (["simulate", "SUN", "-o", "x", "--format", "TIF,npy"], nil),
      (["simulate", "SUN", "-o", "x", "--samples", "Zarr"], nil),
      (["invert", "x", "-o", "y", "--weighting", "Inverse-Variance"], nil),
      (["info", "x", "--unit", "mm/year", "--los-sign", "AWAY"], nil),
      (["generate", "-o", "x", "--device", "CUDA:1"], nil),
      (["generate", "-o", "x", "--device", "gpu"], "auto"),
      (["invert", "x", "-o", "y", "--weighting", "coherent"], "fisher_information"),
      (["invert", "x", "-o", "y", "--format", "tif,jpeg"], "png"),
      (["evaluate", "--real", "x", "-o", "y", "--sensor", "sentinel"], "sentinel-1"),
      (["prepare", "x", "-o", "y", "--unit-of", "a=furlong"], "NAME=mm/yr"),
      (["simulate", "moon", "-o", "x"], "rouet-leduc"),
    ] as [([String], String?)])
  func aWrongChoiceIsToldWithTheRightOnes(_ arguments: [String], _ expected: String?) {
    do {
      _ = try GANInSARTorch.parseAsRoot(arguments)
      #expect(expected == nil)
    } catch {
      let message = GANInSARTorch.message(for: error)
      #expect(expected.map { message.contains($0) } == true, "\(message)")
    }
  }
}
