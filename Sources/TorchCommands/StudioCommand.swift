import ArgumentParser
import Commands
import DurableFiles
import GANSampling
import Rasters
import RunSupport
import Studio
import TorchCore

struct StudioCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio",
    abstract: TorchPart.studio.abstract,
    discussion: """
      Prints the address of the page and serves it until Ctrl-C. The page draws maps of any seed, moves \
      the controls that the model has, goes from one map to another, shows the wrapped phase and the \
      coherence of an interferogram, and gives the commands that make the same. Only this computer can \
      open it.
      """.withExamples(
        "ganinsar studio",
        "ganinsar studio runs/00000-small --real datasets/mine",
        "ganinsar studio --port 0 --real scene.tif"))

  @Argument(
    help:
      "A model.safetensors, or the run folder that contains it (default: the shipped model for large maps)."
  )
  var model: String?
  @OptionGroup(title: "Comparison") var comparison: ComparisonOptions
  @OptionGroup(title: "Server") var server: ServerOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct ComparisonOptions: ParsableArguments {
    @Option(
      help: .init(
        "Real maps to show beside: a dataset, a folder of rate maps, or a raster.",
        valueName: "path"))
    var real: String?
    @OptionGroup var units: MissingUnitOptions
  }

  struct ServerOptions: ParsableArguments {
    @Option(help: .init("Port of the page; 0 for any that is free.", valueName: "number"))
    var port = 8642
    @Option(
      help: .init(
        "Listen on another IPv4 address, for other computers; the page then needs the token that is printed.",
        valueName: "address"))
    var listen: String?
  }

  struct ExecutionOptions: ParsableArguments {
    @Option(help: "Device that computes (default: a GPU if there is one).")
    var device: DeviceChoice?
  }

  func validate() throws { try require("--port", server.port, in: 0...65_535) }

  func run() throws {
    Interruption.install(endingWithin: 10)
    var studio = StudioServer(model: try StudioModel(model, device: execution.device))
    studio.address = server.listen
    studio.port = UInt16(server.port)
    studio.real = comparison.real
    studio.realUnit = comparison.units.unit
    studio.realSign = comparison.units.losSign
    printNote("Drawing the first map ...")
    try studio.run { address in
      if messages.json {
        try? printJSON(["address": address])
      } else {
        print(address)
      }
      if server.listen != nil {
        printNote("Note: the connection is not encrypted; docs/studio.md shows a tunnel by ssh.")
      }
      printNote("Open this address in a browser. Ctrl-C ends the program.")
    }
  }
}
