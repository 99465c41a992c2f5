import ArgumentParser
import Jobs
import Settings
import StackFiles

/// The templates that `ganinsar config --template` prints.
package enum ConfigurationTemplates: String, CaseIterable, ChoiceArgument {
  case train, field, compose, recipe, dataset, network, atmosphere

  /// The hidden subcommand of `ganinsar-torch` that prints `train`, `field`, `network` and `atmosphere`:
  /// their types need LibTorch.
  package static let trainingCommand = "training-template"

  /// The subcommand that reads it.
  private var reader: String {
    switch self {
    case .train, .compose: rawValue
    case .recipe: "dataset"
    case .dataset: "prepare"
    case .field: "train --model field"
    case .network: "network train"
    case .atmosphere: "network train --task atmosphere"
    }
  }

  /// `configuration` as commented YAML below a heading.
  package static func text(_ template: Self, _ configuration: some Encodable) throws -> String {
    try ConfigurationTemplate.yaml(
      of: configuration,
      heading: [
        "Settings of 'ganinsar \(template.reader)': every key with its default. Keep the lines that you",
        "change, delete the others, and give the file with "
          + "\(template == .recipe ? "--recipe" : "--config").",
      ])
  }

  func write() throws {
    switch self {
    case .train, .field, .network, .atmosphere:
      try TorchPart.start([Self.trainingCommand, rawValue])
    case .compose: print(try Self.text(self, ComposeConfiguration()), terminator: "")
    case .recipe: print(try Self.text(self, DatasetRecipe()), terminator: "")
    case .dataset: print(try Self.text(self, DatasetPreparation()), terminator: "")
    }
  }
}
