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
      Sample i depends on the seed and i alone. Writes one file a sample and format, \
      manifest.json, and contact-sheet.png with the first samples.
      """)

  @Argument(
    help: "A model.safetensors, or the run folder that holds it (default: the model that ships).")
  var model: String?
  @Option(name: .shortAndLong, help: "The folder to make.")
  var output: String
  @Option(help: "How many maps.")
  var count = 64
  @Option(
    help: "Pixels of each map, as 256 or WIDTHxHEIGHT, from a model that draws any size.")
  var size: String?
  @Option(help: "The seed; the same seed gives the same maps.")
  var seed: UInt64 = 0
  @Option(help: "The index of the first map.")
  var first = 0
  @Option(
    help: "Make only shard K of N, in OUT/shard-K-of-N: 0/4 to 3/4, or auto (Slurm, torchrun).")
  var shard: String?
  @Option(help: "What to write, separated by commas: tif, npy, h5, png.")
  var format = "npy"
  @Option(help: "A raster whose georeference (upper-left corner, pixel size, CRS) is stamped on.")
  var like: String?
  @Option(help: "A dataset folder: its patches are shown above the samples on the contact sheet.")
  var beside: String?
  @Option(help: "Maps made at once.")
  var batchSize = 16
  @Option(help: "auto, cpu, cuda or cuda:N.")
  var device = "auto"
  @Flag(help: "Replace what an earlier generate wrote there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func validate() throws {
    try require("--count", count, in: 1...SampleGeneration.greatestCount)
    try require("--first", first, in: 0...SampleGeneration.greatestCount)
    try require("--batch-size", batchSize, in: 1...SampleGeneration.greatestBatch)
  }

  func run() throws {
    Interruption.install()
    let stopwatch = Stopwatch()
    let formats = try format.split(separator: ",").map { name in
      guard let format = RasterFormat(rawValue: String(name)) else {
        throw ValidationError(
          "--format \(name) is unknown; use "
            + RasterFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".")
      }
      return format
    }
    let share = try JobShare(option: shard)
    let own = share.range(of: count)
    guard let device = DeviceChoice(device) else {
      throw ValidationError("--device \(device) is unknown; use \(DeviceChoice.names).")
    }
    var task = SampleGeneration(
      model: try model ?? ShippedModel.locate(), output: ShareFolders.path(output, share),
      count: own.count, seed: seed, formats: formats)
    task.first = first + own.lowerBound
    task.like = like
    task.beside = beside
    task.batchSize = batchSize
    task.device = device
    task.overwrite = overwrite
    task.size = try size.map { try MapSize(parsing: $0) }
    Messages.debug("model \(task.model)")
    let progress = ProgressReporter("generating", total: own.count, unit: "maps")
    try task.run { progress.update(to: $0) }
    progress.finish()
    if messages.json { return try printJSON(Written(output, count: own.count, "maps", stopwatch)) }
    print(output)
  }
}
