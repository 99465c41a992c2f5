import ArgumentParser

@main
struct GANInSAR: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar",
    abstract: "Learn and generate ground-deformation rate maps (cm/yr) as InSAR measures them.",
    version: "0.1.0",
    subcommands: [InfoCommand.self, SimulateCommand.self])
}
