import ArgumentParser
import Commands
import DurableFiles
import Foundation
import GANSampling
import RasterIO
import RunSupport
import TorchCore

struct GenerateCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: TorchPart.generate.abstract,
    discussion: """
      Map i depends only on the seed and i. Writes one file per map and format, manifest.json, and \
      contact-sheet.png with the first maps.
      """.withExamples(
        "ganinsar generate -o maps --count 64 --seed 1",
        "ganinsar generate runs/00000-small -o maps --count 1000 --format tif --like scene.tif",
        "ganinsar generate field.safetensors -o large --count 4 --size 2000x1000"))

  @Argument(
    help: "A model.safetensors, or the run folder that contains it (default: the shipped model).")
  var model: String?
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Reproducibility and shards") var job: ReproducibilityOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The folder to create.", valueName: "folder"))
    var output: String
    @Option(help: .init("Number of maps, over all shards.", valueName: "number"))
    var count = 64
    @Option(
      help: .init(
        "Size of the maps, as 256 or WIDTHxHEIGHT, if the model can generate any size.",
        valueName: "pixels"))
    var size: String?
    @Option(help: .init("File formats, separated by commas.", valueName: "format,..."))
    var format = ChoiceList<RasterFormat>([.npy])
    @Option(
      help: .init(
        "A raster whose georeference (upper-left corner, pixel size, CRS) the maps get.",
        valueName: "file"))
    var like: String?
    @Option(
      help: .init(
        "A dataset whose patches are shown above the maps on the contact sheet.",
        valueName: "folder"))
    var beside: String?
    @Flag(help: "Replace the output of an earlier generate.")
    var overwrite = false
  }

  struct ReproducibilityOptions: ParsableArguments {
    @Option(help: .init("The same seed gives the same maps.", valueName: "number"))
    var seed: UInt64 = 0
    @Option(help: .init("The index of the first map.", valueName: "index"))
    var first = 0
    @OptionGroup var shard: ShardOption
  }

  struct ExecutionOptions: ParsableArguments {
    @Option(help: "Device that computes; auto is a GPU if there is one.")
    var device = DeviceChoice.auto
    @Option(help: .init("Number of maps generated at once.", valueName: "number"))
    var batchSize = 16
  }

  func validate() throws {
    try require("--count", out.count, in: 1...SampleGeneration.greatestCount)
    try require("--first", job.first, in: 0...SampleGeneration.greatestCount)
    try require("--batch-size", execution.batchSize, in: 1...SampleGeneration.greatestBatch)
  }

  func run() throws {
    Interruption.install()
    let stopwatch = Stopwatch()
    let shard = try job.shard.jobShard()
    let own = shard.range(of: out.count)
    var task = SampleGeneration(
      model: try model ?? ShippedModel.locate(), output: ShardFolders.path(out.output, shard),
      count: own.count, seed: job.seed, formats: out.format.choices)
    task.first = job.first + own.lowerBound
    task.like = out.like
    task.beside = out.beside
    task.batchSize = execution.batchSize
    task.device = execution.device
    task.overwrite = out.overwrite
    task.size = try out.size.map { try MapSize(parsing: $0) }
    Messages.debug("model \(task.model)")
    let progress = ProgressReporter("generating", total: own.count, unit: "maps")
    try task.run { progress.update(to: $0) }
    progress.finish()
    if messages.json {
      return try printJSON(Written(out.output, count: own.count, "maps", stopwatch))
    }
    print(out.output)
  }
}
