import ArgumentParser
import Commands

/// Phase networks: what users do with the maps and interferograms of this program.
struct NetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network",
    abstract: TorchPart.network.abstract,
    discussion: "See docs/networks.md.",
    subcommands: [
      NetworkTrainCommand.self, NetworkApplyCommand.self, NetworkScoreCommand.self,
      NetworkExportCommand.self,
    ])
}
