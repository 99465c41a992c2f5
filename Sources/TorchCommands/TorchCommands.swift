import ArgumentParser
import Commands
import TorchCore

/// The subcommands that need LibTorch.
package enum TorchCommands {
  package static var libTorchVersion: String { Runtime.libTorchVersion }

  /// What `ganinsar config --template train` becomes; hidden.
  package static let trainingTemplate: any ParsableCommand.Type = TrainingTemplateCommand.self

  package static func command(_ part: TorchPart) -> any ParsableCommand.Type {
    switch part {
    case .train: TrainCommand.self
    case .generate: GenerateCommand.self
    case .studio: StudioCommand.self
    case .export: ExportCommand.self
    case .evaluate: EvaluateCommand.self
    case .network: NetworkCommand.self
    }
  }
}
