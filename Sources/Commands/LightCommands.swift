import ArgumentParser

/// The subcommands that do without LibTorch, and their place among the others.
package enum LightCommands {
  /// All subcommands in the order of `ganinsar --help`.
  package static func ordered(torch: (TorchPart) -> any ParsableCommand.Type)
    -> [any ParsableCommand.Type]
  {
    [
      InfoCommand.self, ViewCommand.self, PrepareCommand.self, SimulateCommand.self,
      torch(.train), torch(.generate), torch(.studio), torch(.export), ComposeCommand.self,
      DatasetCommand.self,
      torch(.network), InvertCommand.self, PatchesCommand.self,
      torch(.evaluate), EmbedCommand.self, ReportCommand.self, FigureCommand.self,
      ConfigCommand.self,
    ]
  }
}
