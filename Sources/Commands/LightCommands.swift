import ArgumentParser

/// The subcommands that do without LibTorch.
package enum LightCommands {
  package static let info: any ParsableCommand.Type = InfoCommand.self
  package static let prepare: any ParsableCommand.Type = PrepareCommand.self
  package static let patches: any ParsableCommand.Type = PatchesCommand.self
  package static let simulate: any ParsableCommand.Type = SimulateCommand.self
  package static let compose: any ParsableCommand.Type = ComposeCommand.self
  package static let invert: any ParsableCommand.Type = InvertCommand.self
  package static let embed: any ParsableCommand.Type = EmbedCommand.self
  package static let config: any ParsableCommand.Type = ConfigCommand.self
  package static let report: any ParsableCommand.Type = ReportCommand.self
  package static let figure: any ParsableCommand.Type = FigureCommand.self

  /// All subcommands in the order of `ganinsar --help`.
  package static func ordered(torch: (TorchPart) -> any ParsableCommand.Type)
    -> [any ParsableCommand.Type]
  {
    [
      info, prepare, simulate, torch(.train), torch(.generate), torch(.export), compose, invert,
      patches, torch(.evaluate), embed, report, figure, config,
    ]
  }
}
