import ArgumentParser
import Commands

/// The subcommands that need LibTorch.
package enum TorchCommands {
  package static func command(_ part: TorchPart) -> any ParsableCommand.Type {
    switch part {
    case .train: TrainCommand.self
    case .generate: GenerateCommand.self
    case .export: ExportCommand.self
    case .evaluate: EvaluateCommand.self
    case .figure: FigureCommand.self
    }
  }
}
