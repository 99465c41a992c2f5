import ArgumentParser
import DurableFiles
import Foundation
import Settings

struct ConfigCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Print settings files: templates with comments, and those that ship.",
    discussion: """
      A template lists every key with its default, what it means, its unit and range. It can be read \
      as it is; a file needs only the keys that it changes. 'ganinsar train DATASET --config small' \
      trains with a settings file that ships.
      """.withExamples(
        "ganinsar config --template train > mine.yaml", "ganinsar config --list"))

  @OptionGroup(title: "Content") var content: ContentOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct ContentOptions: ParsableArguments {
    @Option(
      help:
        "Print a template; recipe is for dataset, dataset for prepare, network for network train.")
    var template: ConfigurationTemplates?
    @Flag(
      help: "List the settings files and recipes that ship; --config and --recipe take their names."
    )
    var list = false
  }

  func validate() throws {
    if (content.template != nil) == content.list {
      throw ValidationError("Give --template NAME, or --list.")
    }
    if content.template != nil && messages.json {
      throw ValidationError("A template is YAML: --json goes with --list.")
    }
  }

  func run() throws {
    if let template = content.template { return try template.write() }
    let all = ShippedConfigurations.Kind.allCases.flatMap { ShippedConfigurations.all($0) }
    if messages.json { return try printJSON(all) }
    guard !all.isEmpty else {
      throw RunError.cannotRead(
        path: ShippedConfigurations.folderName, reason: "the folder of settings files is missing")
    }
    let width = all.map(\.name.count).max() ?? 0
    for kind in ShippedConfigurations.Kind.allCases {
      let entries = all.filter { $0.kind == kind }
      guard let first = entries.first else { continue }
      let option = kind == .recipe ? "dataset --recipe" : "--config"
      print("\(option) NAME, in \(FilePath.folder(first.path)):")
      for entry in entries {
        print(
          "  " + entry.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
            + entry.summary)
      }
    }
  }
}
