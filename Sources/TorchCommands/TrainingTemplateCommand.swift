import ArgumentParser
import Commands
import GANTraining

/// Prints the template of training settings, for `ganinsar config`: their types need LibTorch.
struct TrainingTemplateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: ConfigurationTemplates.trainingCommand,
    abstract: "Print the settings of a training as commented YAML.", shouldDisplay: false)

  func run() throws {
    print(try ConfigurationTemplates.text(.train, TrainingConfiguration()), terminator: "")
  }
}
