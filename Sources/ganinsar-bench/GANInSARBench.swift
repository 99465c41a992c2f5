import ArgumentParser
import Commands
import TorchCore

/// Measurements within one process, for Benchmarks/ and the scripts; it is not shipped.
@main
struct GANInSARBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar-bench",
    abstract: "Measure training and loading; each command prints one line of JSON.",
    discussion: """
      Benchmarks/ compares these times and others with those of other programs. Set OMP_WAIT_POLICY=passive, as \
      'ganinsar' does for itself.
      """,
    version: Program.version(libTorch: Runtime.libTorchVersion),
    subcommands: [
      TrainingBenchmarkCommand.self, LoadingBenchmarkCommand.self, ReduceBenchmarkCommand.self,
      FrechetCommand.self,
    ])

  static func main() { Program.run(GANInSARBench.self) }
}
