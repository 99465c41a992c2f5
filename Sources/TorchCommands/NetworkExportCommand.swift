import ArgumentParser
import Commands
import DurableFiles
import PhaseNetworks

struct NetworkExportCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a trained phase network as a small file, in half precision.",
    discussion: "The file works with 'ganinsar network apply' like the original.".withExamples(
      "ganinsar network export runs/00000-network -o phase.safetensors"))

  @Argument(help: "A run folder of 'ganinsar network train', or the network.safetensors in it.")
  var network: String
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The .safetensors file to write.", valueName: "file"))
    var output: String
    @Flag(help: "Replace an existing file.")
    var overwrite = false
  }

  func run() throws {
    let claim = try AtomicFile.claim(out.output, overwrite: out.overwrite)
    defer { withExtendedLifetime(claim) {} }
    let path = NetworkFile.path(network)
    let sha256: String
    if AtmosphereFile.isOne(path) {
      try AtmosphereFile.read(path).export(to: out.output)
      sha256 = try AtmosphereFile.read(out.output).sha256
    } else {
      try NetworkFile.read(path).export(to: out.output)
      sha256 = try NetworkFile.read(out.output).sha256
    }
    if messages.json { return try printJSON(["path": out.output, "sha256": sha256]) }
    print("\(out.output): \(FileSystem.size(out.output) ?? 0) bytes, sha256 \(sha256)")
  }
}
