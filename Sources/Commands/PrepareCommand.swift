import ArgumentParser
import Datasets
import DurableFiles
import Foundation
import Jobs
import Rasters
import Settings

struct PrepareCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Prepare a training dataset: one float32 .npy per scene in cm/yr, and a manifest.",
    discussion: """
      With --quantity, the maps of a dataset are not rates but delays of the atmosphere (in cm), \
      heights (m), coherence (0 to 1) or standard deviations of phases (rad); docs/components.md. \
      --with adds further quantities of the same ground to every scene, which models then draw \
      together. Georeferenced rasters are resampled to the grid of the scene.

      The name of a scene is that of its file without extension, preceded by that of its folder \
      where files share a name. The printed table shows the names, and how many random windows of \
      each scene pass the rules of the patch loader.
      """.withExamples(
        "ganinsar prepare velocity.h5 -o dataset",
        "ganinsar prepare etna.tif delta.tif --unit mm/yr --los-sign-of etna=away -o dataset",
        "ganinsar prepare scenes/*.tif --harmonize --minimum-size 256 --split -o dataset",
        "ganinsar prepare coherence/*.tif --quantity coherence --split -o coherence-dataset",
        "ganinsar prepare etna.tif --with coherence=etna_coh.tif --with height=dem.tif -o joint"))

  @Argument(help: "Raster files, as 'ganinsar info' reads them.")
  var scenes: [String]
  @OptionGroup(title: "Settings") var settings: SettingOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Units and sign") var ofScenes: SceneUnitOptions
  @OptionGroup(title: "Further quantities") var joint: CompanionOptions
  @OptionGroup(title: "Amplitude and size") var scaling: ScalingOptions
  @OptionGroup(title: "Held-out data") var holding: HoldOutOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct SettingOptions: ParsableArguments {
    @Option(
      help: .init(
        "A YAML file of settings, which options override. See 'ganinsar config'.",
        valueName: "file"))
    var config: String?
    @Option(
      parsing: .singleValue,
      help: .init("One setting, which overrides the file; repeatable.", valueName: "key=value"))
    var set: [String] = []
  }

  struct SceneUnitOptions: ParsableArguments {
    @Option(help: "What the maps measure (default: rate).")
    var quantity: Quantity?
    @Option(
      help: .init(
        "The sensor's wavelength: turns phases into delays, and errors into phases.",
        valueName: "m"))
    var wavelength: Double?
    @Option(
      help: .init(
        "The unit of one scene, or of a quantity of --with; repeatable.", valueName: "name=unit"))
    var unitOf: [NamedValue<RasterUnit>] = []
    @Option(
      help: .init(
        "The sign of one scene, toward or away; repeatable.", valueName: "name=sign"))
    var losSignOf: [NamedValue<LOSConvention>] = []
    @Option(
      parsing: .unconditional,
      help: .init(
        "Convert displacements (m, cm, mm) to rates: the time that they took.", valueName: "years"))
    var displacementAsRate: Double?
  }

  struct CompanionOptions: ParsableArguments {
    @Option(
      help: .init(
        "A further quantity of a scene; once for each scene, in their order, or a folder of files with the names of the scenes' files.",
        valueName: "quantity=path"))
    var with: [NamedValue<String>] = []

    /// - Throws: `ValidationError` for a name that is no quantity.
    func files() throws -> [CompanionFiles] {
      try with.reduce(into: []) { found, pair in
        guard let quantity = Quantity(rawValue: pair.name) else {
          throw ValidationError(
            "--with \(pair.name)=\(pair.value): '\(pair.name)' is not a quantity; use "
              + Quantity.allCases.map(\.rawValue).joined(separator: ", ") + ".")
        }
        if let place = found.firstIndex(where: { $0.quantity == quantity }) {
          found[place].paths.append(pair.value)
        } else {
          found.append(CompanionFiles(quantity, [pair.value]))
        }
      }
    }
  }

  struct ScalingOptions: ParsableArguments {
    @Flag(help: "Remove the median of each scene and bring its amplitude to a common one.")
    var harmonize = false
    @Option(
      parsing: .unconditional,
      help: .init(
        "The percentile of |rate| that --harmonize scales (default: 99.5).", valueName: "percentile"
      ))
    var harmonizePercentile: Double?
    @Option(
      parsing: .unconditional,
      help: .init(
        "The rate to which --harmonize scales this percentile (default: 25).", valueName: "cm/yr"))
    var harmonizeTo: Double?
    @Option(
      parsing: .unconditional,
      help: .init(
        "Enlarge scenes with a shorter side than this by a whole factor (bilinear).",
        valueName: "pixels"))
    var minimumSize: Int?
    @Option(
      help: .init("Enlarge one scene by a whole factor; repeatable.", valueName: "name=factor"))
    var upsample: [NamedValue<Int>] = []
  }

  struct HoldOutOptions: ParsableArguments {
    @Option(help: .init("A scene to keep out of training; repeatable.", valueName: "name"))
    var holdOut: [String] = []
    @Flag(help: "Train on the left half of every scene and hold out its right half.")
    var split = false
    @Flag(help: "Keep only the left half of every scene.")
    var leftHalf = false
    @Flag(help: "Keep only the right half of every scene.")
    var rightHalf = false

    /// `nil` if no option is given.
    var halves: ScenePreparation.Halves? {
      leftHalf ? .leftOnly : rightHalf ? .rightOnly : split ? .split : nil
    }
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The dataset folder to create.", valueName: "folder"))
    var output: String
    @Option(
      name: [.long, .customLong("license")],
      help: .init(
        "The license of one scene, for the manifest; repeatable.", valueName: "name=text"))
    var licence: [NamedValue<String>] = []
    @Flag(help: "Replace an existing dataset.")
    var overwrite = false
  }

  func validate() throws {
    if [holding.leftHalf, holding.rightHalf, holding.split].count(where: { $0 }) > 1 {
      throw ValidationError("Choose one of --left-half, --right-half and --split.")
    }
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let task = try task()
    let report = try task.run(files: scenes, with: try joint.files(), output: out.output)
    if messages.json {
      try printJSON(Summary(report, seconds: stopwatch.seconds))
    } else {
      print(report.text)
      print("\nWrote \(out.output). Train on it: ganinsar train \(out.output) -o RUNS")
    }
    for note in report.notes { printNote("Note: \(note)") }
    for warning in report.warnings { printToStandardError("Warning: \(warning)") }
  }

  /// The settings of the file, with what the options say.
  private func task() throws -> DatasetPreparation {
    var task = try ConfigurationOverlay.resolve(
      defaults: DatasetPreparation(), yamlFile: settings.config, sets: settings.set)
    task.reading = reading.options(units, over: task.reading)
    if let quantity = ofScenes.quantity { task.preparation.measured = quantity }
    if let wavelength = ofScenes.wavelength { task.preparation.wavelengthMeters = wavelength }
    task.preparation.harmonisation = try harmonisation(over: task.preparation.harmonisation)
    if let years = ofScenes.displacementAsRate { task.preparation.displacementYears = years }
    if let halves = holding.halves { task.preparation.halves = halves }
    if let size = scaling.minimumSize { task.preparation.minimumSize = size }
    task.preparation.upsampling.merge(try scaling.upsample.dictionary("--upsample")) { $1 }
    task.units.merge(try ofScenes.unitOf.dictionary("--unit-of")) { $1 }
    task.signs.merge(try ofScenes.losSignOf.dictionary("--los-sign-of")) { $1 }
    task.licences.merge(try out.licence.dictionary("--licence")) { $1 }
    task.holdOut.formUnion(holding.holdOut)
    task.overwrite = out.overwrite
    return task
  }

  private func harmonisation(over given: ScenePreparation.Harmonization?) throws
    -> ScenePreparation.Harmonization?
  {
    guard var result = given ?? (scaling.harmonize ? .init() : nil) else {
      guard scaling.harmonizePercentile == nil && scaling.harmonizeTo == nil else {
        throw ValidationError("--harmonize-percentile and --harmonize-to need --harmonize.")
      }
      return nil
    }
    if let percentile = scaling.harmonizePercentile { result.percentile = percentile }
    if let rate = scaling.harmonizeTo { result.toRateCMPerYear = rate }
    return result
  }
}

/// `NAME=VALUE`, where the value belongs to one scene.
struct NamedValue<Value: ExpressibleByArgument>: ExpressibleByArgument {
  let name: String
  let value: Value

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let value = Value(argument: parts[1]) else { return nil }
    (name, self.value) = (parts[0], value)
  }

  static var allValueStrings: [String] { Value.allValueStrings.map { "NAME=\($0)" } }
  static var defaultCompletionKind: CompletionKind { .default }
}

extension Array {
  /// The values by name.
  /// - Throws: `ValidationError` for a name that is given twice.
  func dictionary<Value>(_ option: String) throws -> [String: Value]
  where Element == NamedValue<Value> {
    try reduce(into: [:]) { result, pair in
      guard result.updateValue(pair.value, forKey: pair.name) == nil else {
        throw ValidationError("\(option) is given twice for '\(pair.name)'.")
      }
    }
  }
}

/// What `prepare --json` prints.
private struct Summary: Encodable {
  struct Scene: Encodable {
    var name: String
    var width: Int
    var height: Int
    var isHeldOut: Bool
    /// Fraction of random windows that pass the rules, by patch size in pixels.
    var acceptance: [String: Double]
  }

  var path: String
  var quantity: Quantity?
  var companions: [Quantity]?
  var count: Int
  var kind = "scenes"
  var seconds: Double
  var scenes: [Scene]
  var notes: [String]
  var warnings: [String]

  init(_ report: DatasetReport, seconds: Double) {
    path = report.path
    quantity = report.manifest.quantity
    companions = report.manifest.companions
    count = report.manifest.scenes.count
    self.seconds = seconds
    scenes = zip(report.manifest.scenes, report.surveys).map { scene, survey in
      let pairs = DatasetPreparation.surveyedPatchSizes.compactMap { size in
        survey.acceptance(patchSize: size).map { ("\(size)", $0) }
      }
      return Scene(
        name: scene.name, width: scene.width, height: scene.height, isHeldOut: scene.isHeldOut,
        acceptance: Dictionary(uniqueKeysWithValues: pairs))
    }
    notes = report.notes
    warnings = report.warnings
  }
}
