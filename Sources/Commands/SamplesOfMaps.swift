import StackFiles

/// `ganinsar dataset` for maps that another command draws: what `generate --samples` goes on to.
package struct SamplesOfMaps {
  /// The folder that the maps belong in: the one that `dataset MODEL` gives them.
  package let maps: String
  private let command: DatasetCommand

  /// - Parameter recipe: a recipe that ships, or a YAML file; `nil`: what `dataset` takes without one.
  /// - Throws: the errors of the recipe, so that they are found before maps are drawn.
  package init(
    output: String, format: SampleFormat, recipe: String?, seed: UInt64, messages: OutputOptions
  ) throws {
    maps = DatasetCommand.mapFolder(of: output)
    var arguments = [maps, "-o", output, "--format", format.rawValue, "--seed", "\(seed)"]
    if let recipe { arguments += ["--recipe", recipe] }
    for (flag, isGiven) in [
      ("--quiet", messages.quiet), ("--verbose", messages.verbose), ("--json", messages.json),
    ] where isGiven {
      arguments.append(flag)
    }
    command = try DatasetCommand.parse(arguments)
    _ = try command.recipe()
  }

  /// Writes the samples, or continues to.
  package func write() throws { try command.run() }
}
