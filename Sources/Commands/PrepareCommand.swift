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
    abstract: "Make a training dataset of rasters: one float32 .npy a scene in cm/yr, a manifest.",
    discussion: """
      A scene's name is its file's without the extension (with its folder's before it where files \
      share one); the table that is printed shows it, and how many random windows of each scene \
      would pass the patch loader's rules.
      """)

  @Argument(help: "Raster files, as 'ganinsar info' reads them.")
  var scenes: [String]
  @Option(name: .shortAndLong, help: "The dataset folder to make.")
  var output: String
  @Flag(help: "Replace the dataset that stands there.")
  var overwrite = false

  @Option(help: "A YAML file of settings; options are stronger. See 'ganinsar config'.")
  var config: String?
  @Option(
    parsing: .singleValue,
    help: "KEY.PATH=VALUE: one setting, stronger than the file. Repeat for more.")
  var set: [String] = []

  @OptionGroup(title: "Reading") var reading: RasterReadArguments
  @Option(help: "NAME=UNIT: the unit of one scene. Repeat for more.")
  var unitOf: [String] = []
  @Option(help: "NAME=toward or NAME=away: the sign of one scene. Repeat for more.")
  var losSignOf: [String] = []
  @Option(
    parsing: .unconditional,
    help: "Divide displacements (m, cm, mm) by this time span to make rates of them.")
  var displacementAsRate: Double?

  @Flag(help: "Remove each scene's median and bring its amplitude to a common one.")
  var harmonize = false
  @Option(
    parsing: .unconditional,
    help: "The percentile of |rate| that --harmonize scales (default: 99.5).")
  var harmonizePercentile: Double?
  @Option(
    parsing: .unconditional, help: "The rate in cm/yr that this percentile becomes (default: 25).")
  var harmonizeTo: Double?
  @Option(
    parsing: .unconditional,
    help: "Enlarge scenes with a shorter side than this by a whole factor (bilinear).")
  var minimumSize: Int?
  @Option(help: "NAME=FACTOR: enlarge one scene. Repeat for more.")
  var upsample: [String] = []

  @Option(help: "NAME of a scene to keep out of training. Repeat for more.")
  var holdOut: [String] = []
  @Flag(help: "Keep the left half of every scene only.")
  var leftHalf = false
  @Flag(help: "Keep the right half of every scene only.")
  var rightHalf = false
  @Flag(help: "Train on the left half of every scene, hold its right half out.")
  var split = false
  @Option(help: "NAME=TEXT: the licence of one scene, for the manifest. Repeat for more.")
  var licence: [String] = []
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func validate() throws {
    if [leftHalf, rightHalf, split].count(where: { $0 }) > 1 {
      throw ValidationError("Choose one of --left-half, --right-half and --split.")
    }
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let task = try task()
    let report = try task.run(files: scenes, output: output)
    if messages.json {
      try printJSON(Summary(report, seconds: stopwatch.seconds))
    } else {
      print(report.text)
      print("\nWrote \(output). Train on it: ganinsar train \(output) -o RUNS")
    }
    for note in report.notes { printNote("Note: \(note)") }
    for warning in report.warnings { printToStandardError("Warning: \(warning)") }
  }

  /// The settings of the file, with what the options say.
  private func task() throws -> DatasetPreparation {
    var task = try ConfigurationOverlay.resolve(
      defaults: DatasetPreparation(), yamlFile: config, sets: set)
    task.reading = try reading.options(over: task.reading)
    task.preparation.harmonisation = try harmonisation(over: task.preparation.harmonisation)
    if let displacementAsRate { task.preparation.displacementYears = displacementAsRate }
    if leftHalf { task.preparation.halves = .leftOnly }
    if rightHalf { task.preparation.halves = .rightOnly }
    if split { task.preparation.halves = .split }
    if let minimumSize { task.preparation.minimumSize = minimumSize }
    task.preparation.upsampling.merge(try pairs(upsample, "--upsample", factor)) { $1 }
    task.units.merge(try pairs(unitOf, "--unit-of", RasterUnit.parse)) { $1 }
    task.signs.merge(
      try pairs(losSignOf, "--los-sign-of") {
        try LOSConvention(option: $0, name: "--los-sign-of")
      }
    ) { $1 }
    task.licences.merge(try pairs(licence, "--licence") { $0 }) { $1 }
    task.holdOut.formUnion(holdOut)
    task.overwrite = overwrite
    return task
  }

  private func harmonisation(over given: ScenePreparation.Harmonisation?) throws
    -> ScenePreparation.Harmonisation?
  {
    guard var result = given ?? (harmonize ? .init() : nil) else {
      guard harmonizePercentile == nil && harmonizeTo == nil else {
        throw ValidationError("--harmonize-percentile and --harmonize-to need --harmonize.")
      }
      return nil
    }
    if let harmonizePercentile { result.percentile = harmonizePercentile }
    if let harmonizeTo { result.toRateCMPerYear = harmonizeTo }
    return result
  }

  private func factor(_ text: String) throws -> Int {
    guard let factor = Int(text) else {
      throw ValidationError("--upsample takes NAME=FACTOR with a whole number, not '\(text)'.")
    }
    return factor
  }

  /// `NAME=VALUE` options as a dictionary.
  private func pairs<T>(_ texts: [String], _ option: String, _ parse: (String) throws -> T) throws
    -> [String: T]
  {
    var result: [String: T] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ValidationError("\(option) takes NAME=VALUE, not '\(text)'.")
      }
      guard result.updateValue(try parse(parts[1]), forKey: parts[0]) == nil else {
        throw ValidationError("\(option) is given twice for '\(parts[0])'.")
      }
    }
    return result
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
  var count: Int
  var kind = "scenes"
  var seconds: Double
  var scenes: [Scene]
  var notes: [String]
  var warnings: [String]

  init(_ report: DatasetReport, seconds: Double) {
    path = report.path
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
