import ArgumentParser
import Commands
import FieldTraining
import GANTraining
import PhaseNetworks

/// Prints the templates of training settings, for `ganinsar config`: their types need LibTorch.
struct TrainingTemplateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: ConfigurationTemplates.trainingCommand,
    abstract: "Print the settings of a training as commented YAML.", shouldDisplay: false)

  @Argument(help: "The template: train, field, network or atmosphere.")
  var template = ConfigurationTemplates.train

  func run() throws {
    let text =
      switch template {
      case .network: try ConfigurationTemplates.text(.network, NetworkConfiguration())
      case .field: try ConfigurationTemplates.text(.field, FieldConfiguration())
      case .atmosphere: try ConfigurationTemplates.text(.atmosphere, AtmosphereConfiguration())
      default: try ConfigurationTemplates.text(.train, TrainingConfiguration())
      }
    print(text, terminator: "")
  }
}
