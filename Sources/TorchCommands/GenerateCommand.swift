import ArgumentParser
import Commands
import DurableFiles
import Foundation
import GANSampling
import RasterIO
import RunSupport
import StackFiles
import TorchCore

struct GenerateCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: TorchPart.generate.abstract,
    discussion: """
      Map i depends only on the seed and i. Writes one file per map and format, manifest.json, and \
      contact-sheet.png with the first maps. Maps of more than 2048 x 2048 pixels in the formats tif \
      and npy are made in bands with bounded memory; more shards than maps divide the bands. With \
      --samples the maps go to OUT.maps, and OUT gets training samples made of them, as 'ganinsar \
      dataset' writes them, which has all settings of samples.
      """.withExamples(
        "ganinsar generate -o maps --count 64 --seed 1",
        "ganinsar generate runs/00000-small -o maps --count 1000 --format tif --like scene.tif",
        "ganinsar generate field.safetensors -o large --count 4 --size 2000x1000",
        "ganinsar generate -o endless --count 1 --seed 3 --window -300,0,512,512",
        "ganinsar generate -o huge --count 1 --size 10000 --format tif --shard 0/2",
        "ganinsar generate -o detailed --count 4 --coarse mogi.tif --coarse-factor 16",
        "ganinsar generate -o - --count 1000 --size 128 > maps.npy",
        "ganinsar generate -o training --count 1000 --samples webdataset --recipe unwrapping",
        "ganinsar generate -o strong --spread 8..20 --mean -5..5 --max-rate 100",
        "ganinsar generate -o alike --style coso_d071:2,bhutan_landslide"))

  @Argument(
    help:
      "A model.safetensors, or the run folder that contains it (default: a shipped model, by size)."
  )
  var model: String?
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Training samples") var samples: SampleOptions
  @OptionGroup(title: "Controls of models for any size") var control: ControlOptions
  @OptionGroup(title: "Detail on a coarse map") var coarse: CoarseOptions
  @OptionGroup(title: "Reproducibility and shards") var job: ReproducibilityOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct TargetOptions: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: .init(
        "The folder to create; - writes one .npy array of all maps to standard output.",
        valueName: "folder"))
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

  struct SampleOptions: ParsableArguments {
    @Option(
      name: .customLong("samples"),
      help: .init(
        "Write training samples of interferograms, made of the maps, in this layout.",
        valueName: "layout"))
    var format: SampleFormat?
    @Option(
      help: .init(
        "What samples hold: a recipe that ships (unwrapping, denoising, ...), or a YAML file.",
        valueName: "recipe"))
    var recipe: String?
  }

  struct ControlOptions: ParsableArguments {
    @Option(
      parsing: .unconditional,
      help: .init(
        "A part of the endless map of a seed, in pixels; X and Y may be negative.",
        valueName: "x,y,width,height"))
    var window: String?
    @Option(
      parsing: .unconditional,
      help: .init(
        "Range of the standard deviation of rates within a patch, in cm/yr.",
        valueName: "low..high"))
    var spread: String?
    @Option(
      parsing: .unconditional,
      help: .init("Range of the mean rate of a patch, in cm/yr.", valueName: "low..high"))
    var mean: String?
    @Option(
      parsing: .unconditional,
      help: .init(
        "Range of the fraction of pixels with a rate of at most 3 cm/yr.", valueName: "low..high"))
    var quietFraction: String?
    @Option(
      help: .init(
        "Training scenes that maps shall look like, separated by commas, each with its share after a colon.",
        valueName: "scene:weight,..."))
    var style: String?
    @Option(
      help: .init(
        "Factor of the latents, above 0 and at most 1: less gives more typical maps.",
        valueName: "factor"))
    var truncation: Double?
    @Option(
      help: .init(
        "Draw maps again that have a rate beyond this, of either sign; manifest.json counts them.",
        valueName: "cm/yr"))
    var maxRate: Double?
    @Option(
      help: .init(
        "Go from each map to that of a second seed, in --steps maps.", valueName: "seed"))
    var interpolate: UInt64?
    @Option(help: .init("Number of maps on the way, both ends included.", valueName: "number"))
    var steps: Int?
    @Option(
      help: .init(
        "Number type of the networks: bfloat16 is faster, and maps differ slightly from float32."))
    var precision: MapPrecision?
    @Option(
      help: .init(
        "Give regions of this side statistics of their own, all of one scene: quiet and strong ground in one map.",
        valueName: "pixels"))
    var regions: Int?

    func options() throws -> MapOptions {
      var options = MapOptions()
      options.window = try window.map { try MapWindow(parsing: $0) }
      options.spread = try spread.map { try Self.range($0, "--spread") }
      options.mean = try mean.map { try Self.range($0, "--mean") }
      options.quietFraction = try quietFraction.map {
        try Self.range($0, "--quiet-fraction", of: "fractions", such: "0.3..0.6")
      }
      options.style = try style.map(Self.weights)
      options.truncation = truncation
      options.maxRate = maxRate
      options.precision = precision
      options.regions = regions
      if let interpolate {
        options.interpolation = .init(seed: interpolate, steps: steps ?? 9)
      } else if steps != nil {
        throw ValidationError("--steps needs --interpolate, which names the second seed.")
      }
      return options
    }

    private static func range(
      _ text: String, _ option: String, of unit: String = "cm/yr", such example: String = "2..5"
    ) throws -> ClosedRange<Double> {
      guard let range = MapOptions.range(parsing: text)
      else {
        throw ValidationError(
          "\(option) is '\(text)': give LOW..HIGH in \(unit) with LOW at most HIGH, such as \(example)."
        )
      }
      return range
    }

    private static func weights(_ text: String) throws -> [String: Double] {
      do {
        return try MapOptions.style(parsing: text)
      } catch .malformed {
        throw ValidationError(
          "--style is '\(text)': give SCENE or SCENE:WEIGHT with a positive weight, separated by commas."
        )
      } catch .repeated(let scene) {
        throw ValidationError("--style names '\(scene)' twice: give each scene once.")
      }
    }
  }

  struct CoarseOptions: ParsableArguments {
    @Option(
      help: .init(
        "A rate map to add learned detail to: its values stay the means of the blocks.",
        valueName: "file"))
    var coarse: String?
    @Option(
      help: .init("Pixels per pixel of that map along each axis: 4, 16 or 64.", valueName: "number")
    )
    var coarseFactor: Int?
    @Option(
      help: .init("Factor of the detail; 1 is that of real scenes.", valueName: "factor"))
    var detailStrength: Double?
    @Option(
      help: .init(
        "Detail on smooth ground, as a fraction of the map's spread (default: 0.05).",
        valueName: "fraction"))
    var detailFloor: Double?
    @OptionGroup var units: MissingUnitOptions

    func map() throws -> CoarseMap? {
      guard let coarse else {
        guard coarseFactor == nil, detailStrength == nil, detailFloor == nil, units.unit == nil,
          units.losSign == nil
        else {
          throw ValidationError(
            "--coarse-factor, --detail-strength, --detail-floor, --unit and --los-sign need --coarse."
          )
        }
        return nil
      }
      var map = CoarseMap(path: coarse, factor: coarseFactor ?? 4, strength: detailStrength ?? 1)
      map.floor = detailFloor ?? map.floor
      map.unit = units.unit
      map.losSign = units.losSign
      return map
    }
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
    try validateSamples()
    guard isStream else { return }
    if messages.json { throw ValidationError("-o - prints the maps: leave out --json.") }
    if isatty(STDOUT_FILENO) != 0 {
      throw ValidationError(
        "-o - writes binary numbers, and standard output is a terminal: add > maps.npy, or name a folder."
      )
    }
  }

  private func validateSamples() throws {
    guard samples.format != nil else {
      if samples.recipe != nil {
        throw ValidationError("--recipe is for training samples: give --samples too.")
      }
      return
    }
    if isStream {
      throw ValidationError("-o - prints maps: leave out --samples, or name a folder.")
    }
    if job.shard.shard != nil {
      throw ValidationError(
        "--samples makes all samples at once: for shards, write maps, then 'ganinsar dataset --shard'."
      )
    }
    for (option, isGiven) in [
      ("--format", out.format.choices != [.npy]), ("--like", out.like != nil),
      ("--overwrite", out.overwrite),
    ] where isGiven {
      throw ValidationError("\(option) is for maps: write maps, then use 'ganinsar dataset'.")
    }
  }

  private var isStream: Bool { out.output == SampleGeneration.standardOutput }

  func run() throws {
    Interruption.install()
    let stopwatch = Stopwatch()
    let shard = try job.shard.jobShard()
    let coarse = try coarse.map()
    let size = try out.size.map { try MapSize(parsing: $0) }
    let options = try control.options()
    let dataset = try samples.format.map {
      try SamplesOfMaps(
        output: out.output, format: $0, recipe: samples.recipe, seed: job.seed, messages: messages)
    }
    let shipped =
      coarse == nil
      ? { try ShippedModel.locate(for: size, isWindow: options.window != nil) }
      : ShippedModel.locateDetail
    var task = SampleGeneration(
      model: try model ?? shipped(),
      output: dataset?.maps ?? out.output, count: out.count,
      seed: job.seed, formats: out.format.choices)
    task.like = out.like
    task.beside = out.beside
    task.batchSize = execution.batchSize
    task.device = execution.device
    task.overwrite = out.overwrite
    task.size = size
    task.options = options
    task.coarse = coarse
    if task.isInBands, shard.count > out.count {
      task.first = job.first
      task.bandShard = shard
    } else {
      let own = shard.range(of: out.count)
      task.output = ShardFolders.path(task.output, shard)
      task.first = job.first + own.lowerBound
      task.count = own.count
    }
    Messages.debug("model \(task.model)")
    if isStream { return try stream(task) }
    let progress = ProgressReporter(
      "generating", total: task.stepCount, unit: task.isInBands ? "bands" : "maps")
    let isThere = dataset != nil && FileSystem.exists(task.output)
    do {
      try task.run { progress.update(to: $0) }
    } catch  where isThere {
      printNote(
        "Note: the maps of these samples are in \(task.output): delete it to generate others.")
      throw error
    }
    progress.finish()
    if let dataset { return try dataset.write() }
    if messages.json {
      return try printJSON(Written(out.output, count: task.count, "maps", stopwatch))
    }
    print(out.output)
  }

  private func stream(_ task: SampleGeneration) throws {
    let progress = ProgressReporter("generating", total: task.count, unit: "maps")
    func write(_ bytes: UnsafeRawBufferPointer) throws {
      StandardStream.output.write(bytes)
      try StandardStream.output.check()
    }
    try task.stream(to: write, progress: { progress.update(to: $0) })
    progress.finish()
  }
}
