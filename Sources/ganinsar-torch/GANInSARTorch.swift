import ArgumentParser
import Commands
import TorchCommands

/// What `ganinsar` becomes for a subcommand that needs LibTorch; users do not start it themselves.
///
/// It holds all subcommands, since completion scripts and manual pages are made here.
@main
struct GANInSARTorch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar", abstract: Program.abstract,
    version: Program.version(libTorch: TorchCommands.libTorchVersion),
    subcommands: LightCommands.ordered(torch: TorchCommands.command)
      + [TorchCommands.trainingTemplate])

  static func main() { Program.run(GANInSARTorch.self) }
}
