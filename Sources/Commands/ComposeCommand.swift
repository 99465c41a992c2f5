import ArgumentParser
import DurableFiles
import Foundation
import Jobs
import RasterIO
import Rasters
import RunSupport
import Settings
import StackFiles

struct ComposeCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "compose",
    abstract: "Compose interferograms from rate maps, with every component of the phase.",
    discussion: """
      Writes a stack folder: a .npy for the unwrapped and wrapped phase, the coherence and each \
      component of each interferogram, the rate and other truth, and manifest.json, which describes \
      them. --format also writes the stack in the layout of other programs. Several rate maps, or \
      folders of them, become one stack folder each inside the output folder. With --samples the \
      interferograms are written as one dataset for machine learning instead.

      The network, the sensor and the components are settings: see docs/stacks.md, or the output of \
      --print-config. --atmosphere, --coherence and --height take measured or learned maps of a \
      component instead of drawing it: docs/components.md.
      """.withExamples(
        "ganinsar compose maps/sample-00000000.npy --unit cm/yr -o stack --seed 1",
        "ganinsar compose rate.tif -o stack --format mintpy --set network.count=30",
        "ganinsar compose maps -o training --samples webdataset --config compose.yaml",
        "ganinsar compose maps -o stacks --atmosphere atmosphere.safetensors --coherence coherence/",
        "ganinsar compose --print-config > compose.yaml"))

  @Argument(help: "Rate maps (GeoTIFF, MintPy, LiCSBAS, .npy ...), or folders of them.")
  var rates: [String] = []
  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Reproducibility and shards") var job: SettingsSeedOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct InputOptions: ParsableArguments {
    @OptionGroup var missing: NoDataOptions
    @Option(
      help: .init(
        "Heights in m; a DEM without a common georeference is cropped at random.",
        valueName: "file"))
    var dem: String?
    @Option(
      help: .init(
        "DEM error in m: true height minus height of the DEM (default: simulated).",
        valueName: "file"))
    var heightError: String?
    @OptionGroup var components: ComponentOptions
  }

  struct SettingOptions: ParsableArguments {
    @Option(help: .init("A YAML file of settings.", valueName: "file"))
    var config: String?
    @Option(
      help: .init("One setting, such as network.count=30; repeatable.", valueName: "key=value"))
    var set: [String] = []
    @Flag(help: "Print all settings with their values, and stop.")
    var printConfig = false
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The folder to create.", valueName: "folder"))
    var output: String?
    @Option(
      help: .init("Layouts to write too, separated by commas.", valueName: "layout,..."))
    var format: ChoiceList<StackFormat>?
    @Option(
      help: .init("Write samples for machine learning instead.", valueName: "layout"))
    var samples: SampleFormat?
    @Option(
      help: .init(
        "What samples hold (default: all but clean, moving, valid).", valueName: "array,..."))
    var arrays: ChoiceList<SampleArrayName>?
    @Option(help: .init("Those that are written as float16.", valueName: "array,..."))
    var float16: ChoiceList<SampleArrayName>?
    @Option(help: .init("Largest size of a file of samples in MB.", valueName: "MB"))
    var shardSize = 256
    @Flag(help: "Replace the output of an earlier compose.")
    var overwrite = false
  }

  func validate() throws {
    if settings.printConfig { return }
    if rates.isEmpty { throw ValidationError("Give at least one rate map.") }
    if out.output == nil { throw ValidationError("Give the folder to create with -o.") }
    if out.samples != nil && out.format != nil {
      throw ValidationError("--format is for stack folders, --samples for datasets: use one.")
    }
    if out.samples == nil && (out.arrays != nil || out.float16 != nil) {
      throw ValidationError("--arrays and --float16 are for datasets: give --samples too.")
    }
    try require("--shard-size", out.shardSize, in: 1...1_000_000, unit: "MB")
  }

  func run() throws {
    let sets = settings.set + (job.seed.map { ["seed=\($0)"] } ?? [])
    let configuration = try ConfigurationOverlay.resolveDrawn(
      defaults: ComposeConfiguration(), yamlFile: settings.config, sets: sets,
      fixed: StackComposition.fixedKeys)
    if settings.printConfig {
      print(configuration.yaml, terminator: "")
      return
    }
    guard let output = out.output else { return }
    let options = RasterReadOptions(
      unit: units.unit, noData: input.missing.values, losConvention: units.losSign)
    Interruption.install()
    let stopwatch = Stopwatch()
    let maps = try RateMaps(rates, options: options)
    let first = try input.components.hasModels ? maps.load(0).raster : nil
    let composition = try StackComposition(
      rates: maps, settings: configuration,
      rasters: input.components.rasters(
        dem: input.dem, heightError: input.heightError, output: output,
        seed: configuration.typical.seed, width: first?.width ?? 0, height: first?.height ?? 0))
    let shard = try job.shard.jobShard()

    var done = 0
    let progress = try ProgressReporter(
      "composing",
      total: out.samples == nil
        ? composition.interferogramCount(of: shard)
        : shard == .whole ? composition.sampleCount : nil, unit: "interferograms")
    if let samples = out.samples {
      try composition.exportSamples(
        format: samples, output: output, arrays: out.arrays?.choices,
        float16: out.float16?.choices ?? [], shard: shard, shardBytes: out.shardSize << 20
      ) {
        done = $0
        progress.update(to: done)
      }
    } else {
      try composition.run(
        output: output, formats: out.format?.choices ?? [], shard: shard,
        existing: out.overwrite ? .replace : .keepSame
      ) {
        done = $0
        progress.update(to: done)
      }
    }
    progress.finish()
    for note in composition.rates.notes { printNote("Note: \(note)") }
    if messages.json {
      return try printJSON(Written(output, count: done, "interferograms", stopwatch))
    }
    print(output)
  }
}
