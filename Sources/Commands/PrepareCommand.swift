import ArgumentParser
import Datasets
import DurableFiles
import Foundation
import Jobs
import Rasters

struct PrepareCommand: ParsableCommand {
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

  func validate() throws {
    if [leftHalf, rightHalf, split].count(where: { $0 }) > 1 {
      throw ValidationError("Choose one of --left-half, --right-half and --split.")
    }
    if !harmonize && (harmonizePercentile != nil || harmonizeTo != nil) {
      throw ValidationError("--harmonize-percentile and --harmonize-to need --harmonize.")
    }
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    var harmonisation = ScenePreparation.Harmonization()
    if let harmonizePercentile { harmonisation.percentile = harmonizePercentile }
    if let harmonizeTo { harmonisation.toRateCMPerYear = harmonizeTo }
    let task = DatasetPreparation(
      reading: try reading.options(),
      preparation: ScenePreparation(
        harmonisation: harmonize ? harmonisation : nil, displacementYears: displacementAsRate,
        halves: leftHalf ? .leftOnly : rightHalf ? .rightOnly : split ? .split : .whole,
        minimumSize: minimumSize, upsampling: try pairs(upsample, "--upsample", factor)),
      units: try pairs(unitOf, "--unit-of", RasterUnit.parse),
      signs: try pairs(losSignOf, "--los-sign-of") {
        try LOSConvention(option: $0, name: "--los-sign-of")
      },
      licences: try pairs(licence, "--licence") { $0 }, holdOut: Set(holdOut),
      overwrite: overwrite)
    let report = try task.run(files: scenes, output: output)
    print(report.text)
    print("\nWrote \(output). Train on it: ganinsar train \(output) -o RUNS")
    for note in report.notes { printToStandardError("Note: \(note)") }
    for warning in report.warnings { printToStandardError("Warning: \(warning)") }
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
