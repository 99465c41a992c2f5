import ArgumentParser
import DurableFiles
import Evaluation
import EvaluationPage
import Foundation
import InSARPhase
import Patches
import Rasters
import Settings

struct FigureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figure",
    abstract: "Draw the figures and tables of an experiment from its sets and results.",
    subcommands: [
      SheetFigureCommand.self, ScatterFigureCommand.self, MetricsTableCommand.self,
    ])
}

struct SheetFigureCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet", abstract: "Maps of several sets on one sheet, as rates and as phase.")

  @Option(
    parsing: .singleValue,
    help: "NAME=PATH: a folder of rasters, an .npy stack or a dataset. Repeat for more.")
  var set: [String]
  @Option(name: .shortAndLong, help: "The PNG file of rates.")
  var output: String
  @Option(help: "The PNG file of wrapped phase.")
  var wrapped: String?
  @Option(help: "Maps of each set.")
  var count = 8
  @Option(help: "Maps in a line.")
  var columns = 8
  @Option(help: "The most maps that are read of each set; those shown are spread over them.")
  var among = 64
  @Option(help: "Pixels a side of patches drawn from datasets.")
  var patchSize = 256
  @Option(help: "Unit of files that state none.")
  var unit: String?
  @Option(help: LOSConvention.optionHelp)
  var losSign: String?
  @Option(help: "Satellite of the phase.")
  var sensor = "sentinel-1"
  @Option(help: "Days that the phase spans.")
  var days = 60.0
  @Flag(help: "Replace the files that stand there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func validate() throws {
    if set.isEmpty { throw ValidationError("Give --set NAME=PATH.") }
    try require("--count", count, in: 1...10_000)
    try require("--columns", columns, in: 1...1000)
    try require("--among", among, in: count...1_000_000)
    try require("--patch-size", patchSize, in: 8...4096, unit: "pixels")
    try require("--days", days, in: 0.001...100_000)
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let claims = try ([output] + (wrapped.map { [$0] } ?? [])).map {
      try AtomicFile.claim($0, overwrite: overwrite)
    }
    defer { withExtendedLifetime(claims) {} }
    guard let sensor = Sensor(rawValue: sensor) else {
      throw ValidationError(
        "--sensor \(sensor) is unknown; use "
          + Sensor.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    let reader = PatchSetReader(
      count: among, patchSize: patchSize, drawing: PatchSetReader.drawing(filter: false),
      unit: try unit.map(RasterUnit.parse),
      losConvention: try losSign.map { try LOSConvention(option: $0) })
    let sheet = SetSheet(
      try set.map { try NamedPath(parsing: $0) }.map { try reader.read($0.path, name: $0.name) },
      count: count)
    try sheet.rates(columns: columns).write(to: output)
    if let wrapped {
      try sheet.wrapped(columns: columns, sensor: sensor, days: days).write(to: wrapped)
    }
    let paths = [output] + (wrapped.map { [$0] } ?? [])
    if messages.json { return try printJSON(["paths": paths]) }
    print(paths.joined(separator: "\n"))
  }
}

struct ScatterFigureCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "scatter",
    abstract: "The features of an evaluation's sets in one plane (t-SNE), as a picture.",
    discussion: "Beside each name stands how far it mixes with the real set: 1 as by chance.")

  @Argument(help: "The metrics.json of an evaluation with weights.")
  var metrics: String
  @Option(name: .shortAndLong, help: "The PNG file to write.")
  var output: String
  @Option(parsing: .singleValue, help: "A set beside the real one. Repeat for more.")
  var set: [String]
  @Option(help: "The line above the picture.")
  var title = "t-SNE of Inception features"
  @Option(help: "The seed of the layout.")
  var seed: UInt64 = 0
  @Option(help: "Where the evaluation kept its features (default: the user's cache folder).")
  var cache: String?
  @Flag(help: "Replace the file that stands there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func run() throws {
    Interruption.install(endingWithin: 1)
    let claim = try AtomicFile.claim(output, overwrite: overwrite)
    defer { withExtendedLifetime(claim) {} }
    let scatter = try FeatureScatter(
      EvaluationRecord.read(metrics), names: set,
      cache: FeatureCache(folder: cache ?? FeatureCache.standardFolder()), seed: seed)
    try scatter.picture(title: title).write(to: output)
    if messages.json { return try printJSON(["paths": [output]]) }
    print(output)
  }
}

struct MetricsTableCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "The numbers of an evaluation as Markdown.")

  @Argument(help: "The metrics.json of an evaluation.")
  var metrics: String
  @Option(help: "Adds how many times this set's FID each set's is.")
  var relativeTo: String?
  @Flag(help: "The measures in physical units in place of those of the network.")
  var physics = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func run() throws {
    if messages.json {
      print(try OrderedJSON.text(of: EvaluationRecord.read(metrics)), terminator: "")
      return
    }
    let table = MetricsTable(try EvaluationRecord.read(metrics), reference: relativeTo)
    print(physics ? table.physics : table.features)
  }
}
