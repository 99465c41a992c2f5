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
    abstract: "Make interferograms from rate maps, every component saved beside them.",
    discussion: """
      Writes a stack folder: a .npy for the unwrapped and wrapped phase, the coherence and each \
      component of each interferogram, the rate and other truth, and manifest.json, which says what \
      they are. --format adds the same stack as other programs have it. Several rate maps, or folders \
      of them, become one stack folder each inside -o.

      With --samples the interferograms are written as one dataset for machine learning instead.

      The network, the sensor and the components are settings: see docs/stacks.md, or what \
      --print-config prints.
      """)

  @Argument(help: "Rate maps (GeoTIFF, MintPy, LiCSBAS, .npy ...), or folders of them.")
  var rates: [String] = []
  @Option(name: .shortAndLong, help: "The folder to make.")
  var output: String?
  @Option(help: "A YAML file of settings.")
  var config: String?
  @Option(help: "A setting, such as --set network.count=30; repeatable.")
  var set: [String] = []
  @Option(help: "The seed; the same as --set seed=N.")
  var seed: UInt64?
  @Option(help: "Unit of the rate maps, whatever the files say: m/yr, cm/yr, mm/yr.")
  var unit: String?
  @Option(help: LOSConvention.optionHelp)
  var losSign: String?
  @Option(
    parsing: .unconditionalSingleValue,
    help: "Value of the rate maps to read as missing; repeat for more.")
  var noData: [String] = []
  @Option(help: "Heights in m; needed by the component stratification.")
  var dem: String?
  @Option(help: "True height minus DEM height in m; drawn when not given.")
  var heightError: String?
  @Option(help: "What the coherence is multiplied by, 0 to 1.")
  var coherence: String?
  @Option(help: "Also write, separated by commas: mintpy, licsbas, geotiff, isce, roipac.")
  var format: String?
  @Option(help: "Write samples for machine learning instead: webdataset, zarr, hdf5 or npy.")
  var samples: String?
  @Option(
    help: "Do only shard K of N of the rate maps or samples: 0/4 to 3/4, or auto (Slurm, torchrun)."
  )
  var shard: String?
  @Option(help: "Largest size of a shard in MB.")
  var shardSize = 256
  @Flag(help: "Replace a stack that an earlier compose wrote there.")
  var overwrite = false
  @Flag(help: "Print all settings with their values, and stop.")
  var printConfig = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func validate() throws {
    if printConfig { return }
    if rates.isEmpty { throw ValidationError("Give at least one rate map.") }
    if output == nil { throw ValidationError("Give the folder to make with -o.") }
    if samples != nil && format != nil {
      throw ValidationError(
        "--format belongs to stack folders and --samples writes none: drop one.")
    }
    try require("--shard-size", shardSize, in: 1...1_000_000, unit: "MB")
  }

  func run() throws {
    let sets = set + (seed.map { ["seed=\($0)"] } ?? [])
    let settings = try ConfigurationOverlay.resolve(
      defaults: ComposeConfiguration(), yamlFile: config, sets: sets)
    if printConfig {
      print(try ConfigurationOverlay.yaml(of: settings), terminator: "")
      return
    }
    guard let output else { return }
    let options = RasterReadOptions(
      unit: try unit.map(RasterUnit.parse),
      noData: try RasterReadArguments.noDataValues(noData),
      losConvention: try losSign.map { try LOSConvention(option: $0) })
    let composition = try StackComposition(
      rates: RateMaps(rates, options: options), configuration: settings,
      rasters: .init(dem: dem, heightError: heightError, coherence: coherence))
    let formats = try Self.list(format, of: StackFormat.self, option: "--format")
    let samples = try Self.list(samples, of: SampleFormat.self, option: "--samples")
    let share = try JobShare(option: shard)

    Interruption.install()
    let stopwatch = Stopwatch()
    var done = 0
    let progress = ProgressReporter(
      "composing",
      total: samples.isEmpty
        ? composition.interferogramCount(of: share)
        : share == .whole ? composition.interferogramCount : nil, unit: "interferograms")
    if let samples = samples.first {
      try composition.exportSamples(
        format: samples, output: output, share: share, shardBytes: shardSize << 20
      ) {
        done = $0
        progress.update(to: done)
      }
    } else {
      try composition.run(
        output: output, formats: formats, share: share,
        existing: overwrite ? .replace : .keepSame
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

  /// The cases that `text` lists, separated by commas.
  static func list<Format: RawRepresentable & CaseIterable>(
    _ text: String?, of: Format.Type, option: String
  ) throws -> [Format] where Format.RawValue == String {
    try (text ?? "").split(separator: ",").map { name in
      guard let format = Format(rawValue: name.lowercased()) else {
        throw ValidationError(
          "\(option) '\(name)' is unknown; choose from: "
            + Format.allCases.map(\.rawValue).joined(separator: ", ") + ".")
      }
      return format
    }
  }
}
