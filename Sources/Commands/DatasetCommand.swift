import ArgumentParser
import DurableFiles
import Foundation
import Jobs
import Kernel
import RasterIO
import RunSupport
import Settings
import Simulators
import StackFiles

struct DatasetCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Write a training set of interferograms, each in a situation of its own.",
    discussion: """
      Takes rate maps (rasters, or folders of them), the name of a preset of 'ganinsar simulate', or \
      a generator (.safetensors), and writes samples for unwrapping, denoising, detection or time \
      series: windows of the maps under a sensor, time span, baseline, coherence, atmosphere and mask \
      that are drawn for each sample, and recorded in its JSON. The recipe says what is drawn from \
      which distribution; it is a settings file of 'ganinsar compose' with distributions in the \
      place of values (docs/datasets.md).

      OUT/train, OUT/validation and OUT/test are datasets of different rate maps. After an \
      interruption the same command continues, and several processes write one dataset with --shard.
      """.withExamples(
        "ganinsar dataset maps -o training --recipe unwrapping --samples-per-map 20 --seed 1",
        "ganinsar dataset sun -o training --recipe detection --count 50000 --size 128",
        "ganinsar dataset rate.tif -o denoising --recipe denoising --count 2000 --arrays wrapped,clean",
        "ganinsar dataset model.safetensors -o series --recipe timeseries --maps 500 --p995 1.2",
        "ganinsar dataset --print-recipe --recipe unwrapping > mine.yaml"))

  @Argument(
    help: .init(
      "Rate maps or folders of them; or a preset; or a generator.", valueName: "source"))
  var sources: [String] = []
  @OptionGroup(title: "Settings") var settings: SettingOptions
  @OptionGroup(title: "Samples") var samples: SampleOptions
  @OptionGroup(title: "Rate maps") var input: InputOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Reproducibility and shards") var job: SettingsSeedOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct SettingOptions: ParsableArguments {
    @Option(
      help: .init(
        "A recipe that ships (unwrapping, denoising, networks, ...), or a YAML file.",
        valueName: "recipe"))
    var recipe: String?
    @Option(
      help: .init(
        "One setting, such as model.decorrelation.looks=5; repeatable.", valueName: "key=value"))
    var set: [String] = []
    @Flag(help: "Print the recipe with all settings, and stop.")
    var printRecipe = false
  }

  struct SampleOptions: ParsableArguments {
    @Option(
      help: .init(
        "Number of samples over all parts (default: --samples-per-map of every rate map).",
        valueName: "number"))
    var count: Int?
    @Option(help: .init("Samples of each rate map (default: the recipe's).", valueName: "number"))
    var samplesPerMap: Int?
    @Option(
      help: .init(
        "Width and height of a sample (default: the recipe's, or that of the maps up to 256).",
        valueName: "pixels"))
    var size: Int?
    @Option(
      help: .init(
        "What is written, separated by commas (default: the recipe's).", valueName: "array,..."))
    var arrays: ChoiceList<SampleArrayName>?
    @Option(
      help: .init("Those that are written as float16.", valueName: "array,..."))
    var float16: ChoiceList<SampleArrayName>?
    @Option(
      help: .init(
        "Scale each map so that 99.5 % of its |rate| are below this.", valueName: "cm/yr"))
    var p995: Double?
  }

  struct InputOptions: ParsableArguments {
    @Option(
      help: .init("Number of maps of a preset or a generator.", valueName: "number"))
    var maps: Int?
    @Option(
      help: .init(
        "Width and height of those maps; samples are windows of them (default: --size).",
        valueName: "pixels"))
    var mapSize: Int?
    @Option(
      help: .init("Width of a pixel of a preset in m (default: its own).", valueName: "m"))
    var pixelSize: Double?
    @Option(help: .init("Heights in m over the rate maps, or for a preset.", valueName: "file"))
    var dem: String?
    @OptionGroup var learning: LearningOptions
    @Option(help: .init("DEM error in m (default: simulated).", valueName: "file"))
    var heightError: String?
    @OptionGroup var components: ComponentOptions
    @OptionGroup var missing: NoDataOptions
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The folder to create.", valueName: "folder"))
    var output: String?
    @Option(help: .init("Layout of the files.", valueName: "layout"))
    var format = SampleFormat.webdataset
    @Option(help: .init("Largest size of a file of samples in MB.", valueName: "MB"))
    var shardSize = 256
    @Flag(help: "Make --count samples on all cores, write nothing, and print how long one takes.")
    var time = false
  }

  func validate() throws {
    try require("--count", samples.count, in: 1...1_000_000_000)
    try require("--samples-per-map", samples.samplesPerMap, in: 1...1_000_000_000)
    try require("--size", samples.size, in: 4...8192, unit: "pixels")
    try require("--p995", samples.p995, in: 1e-6...1e6, unit: "cm/yr")
    try require("--maps", input.maps, in: 1...1_000_000_000)
    try require("--map-size", input.mapSize, in: 4...65_536, unit: "pixels")
    try require("--pixel-size", input.pixelSize, in: 0.1...100_000, unit: "m")
    try require("--shard-size", out.shardSize, in: 1...1_000_000, unit: "MB")
    if settings.printRecipe { return }
    if sources.isEmpty {
      throw ValidationError("Give rate maps, a preset or a generator; --help has examples.")
    }
    if out.time && out.output != nil {
      throw ValidationError("--time writes nothing: leave out -o.")
    }
    if !out.time && out.output == nil {
      throw ValidationError("Give the folder to create with -o.")
    }
    let (preset, model) = (rates.preset, rates.model)
    let isGenerated = preset != nil || model != nil
    for (name, isGiven) in [("--maps", input.maps != nil), ("--map-size", input.mapSize != nil)]
    where isGiven && !isGenerated {
      throw ValidationError("\(name) is for presets and generators: these are rate maps.")
    }
    if !input.learning.isEmpty && preset == nil {
      throw ValidationError("--training-image and --given are for presets that learn from maps.")
    }
    if input.pixelSize != nil && preset == nil {
      throw ValidationError(
        "--pixel-size is for presets; --set geometry.pixelSizeMeters=30 for maps.")
    }
    if model != nil && job.shard.shard != nil {
      throw ValidationError(
        "--shard is for rate maps and presets: write the maps with 'ganinsar generate' first.")
    }
  }

  private var rates: RateSources {
    var rates = RateSources(sources)
    (rates.maps, rates.mapSize) = (input.maps, input.mapSize)
    rates.pixelSizeMeters = input.pixelSize
    rates.options = RasterReadOptions(
      unit: units.unit, noData: input.missing.values, losConvention: units.losSign)
    (rates.trainingImages, rates.given) = (input.learning.trainingImage, input.learning.given)
    return rates
  }

  /// The settings of the recipe, of `--set` and of the options that stand for settings.
  func recipe() throws -> DrawnSettings<DatasetRecipe> {
    try ConfigurationOverlay.resolveDrawn(
      defaults: DatasetRecipe(),
      yamlFile: settings.recipe.map { try ShippedConfigurations.path(of: $0, kind: .recipe) },
      sets: settings.set + shortcuts, fixed: DatasetRecipe.fixedKeys)
  }

  func run() throws {
    let recipe = try recipe()
    if settings.printRecipe {
      print(recipe.yaml, terminator: "")
      return
    }
    Interruption.install()
    let stopwatch = Stopwatch()
    let output = out.output ?? "dataset"
    var rates = rates
    rates.rasters = try rasters(recipe, output)
    if let preset = rates.preset { try input.learning.check(ScenePreset.named(preset)) }
    let job = try DatasetJob(
      maps: rates.resolved(
        recipe.typical, folder: Self.mapFolder(of: output), count: samples.count,
        size: samples.size), recipe: recipe, count: samples.count)
    if out.time {
      let time = try job.time()
      if messages.json { return try printJSON(time) }
      print(
        "a sample of \(job.size) x \(job.size) px: \(time.processorMilliseconds.decimals(3)) ms of "
          + "processor time, \(time.wallMilliseconds.decimals(3)) ms on all cores; its settings: "
          + "\(time.settingsMilliseconds.decimals(3)) ms (\(time.samples) samples)")
      return
    }
    let shard = try self.job.shard.jobShard()
    let progress = ProgressReporter(
      "composing", total: shard == .whole ? job.count : nil, unit: "samples")
    var done = 0
    do {
      try job.run(
        output: output, format: out.format, shard: shard, shardBytes: out.shardSize << 20
      ) {
        done = $0
        progress.update(to: done)
      }
    } catch RunError.interrupted {
      printNote("The same command continues from here.")
      throw RunError.interrupted
    }
    progress.finish()
    for note in job.notes { printNote("Note: \(note)") }
    if messages.json { return try printJSON(Written(output, count: done, "samples", stopwatch)) }
    print("\(done) sample\(done == 1 ? "" : "s") in \(output)")
  }

  /// Where the maps of a generator lie, beside the samples.
  static func mapFolder(of output: String) -> String { FilePath.trimmed(output) + ".maps" }

  /// Models of components draw maps of the size of a sample.
  private func rasters(_ recipe: DrawnSettings<DatasetRecipe>, _ output: String) throws
    -> StackComposition.Rasters
  {
    var side = samples.size ?? recipe.typical.samples.size ?? 0
    if side == 0, input.components.hasModels {
      side = input.mapSize.map { min($0, 256) } ?? 256
      if rates.preset == nil, rates.model == nil {
        let first = try RateMaps(sources, options: rates.options).load(0).raster
        side = min(first.width, first.height, 256)
      }
    }
    return try input.components.rasters(
      dem: input.dem, heightError: input.heightError, output: output,
      seed: recipe.typical.composition.seed, width: side, height: side)
  }

  /// Options that stand for settings.
  private var shortcuts: [String] {
    func list(_ names: ChoiceList<SampleArrayName>) -> String {
      "[\(names.choices.map(\.rawValue).joined(separator: ", "))]"
    }
    let all: [(String, String?)] = [
      ("seed", job.seed.map { "\($0)" }),
      ("samples.size", samples.size.map { "\($0)" }),
      ("samples.perMap", samples.samplesPerMap.map { "\($0)" }),
      ("samples.arrays", samples.arrays.map(list)),
      ("samples.float16", samples.float16.map(list)),
      ("rates.p995CMPerYear", samples.p995.map { "\($0)" }),
    ]
    return all.compactMap { key, value in value.map { "\(key)=\($0)" } }
  }
}

extension SampleArrayName: ChoiceArgument {}
