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
    discussion: "Examples are in the help of each subcommand.",
    subcommands: [
      SheetFigureCommand.self, ScatterFigureCommand.self, MetricsTableCommand.self,
      InterferogramFigureCommand.self,
    ])
}

struct SheetFigureCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet",
    abstract: "Draw maps of several sets on one sheet, as rates and as phase.",
    discussion: """
      A set is a folder of rasters, an .npy stack [N, H, W] or a dataset, from which patches are drawn.
      """.withExamples(
        "ganinsar figure sheet --set real=dataset --set model=maps -o rates.png",
        "ganinsar figure sheet --set model=maps -o rates.png --wrapped phase.png --sensor alos-2"))

  @OptionGroup(title: "Sets") var sets: SetOptions
  @OptionGroup(title: "Units and sign") var units: MissingUnitOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct SetOptions: ParsableArguments {
    @Option(
      parsing: .singleValue, help: .init("A set to draw; repeatable.", valueName: "name=path"))
    var set: [String]
    @Option(help: .init("Number of maps of each set.", valueName: "number"))
    var count = 8
    @Option(
      help: .init(
        "Number of maps read of each set; the drawn ones are spread over them.",
        valueName: "number"))
    var among = 64
    @Option(help: .init("Side of patches drawn from datasets.", valueName: "pixels"))
    var patchSize = 256
    @Option(help: "What sets measure that do not say it (default: rate).")
    var quantity: Quantity?
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The PNG file of rates.", valueName: "file"))
    var output: String
    @Option(help: .init("The PNG file of wrapped phase.", valueName: "file"))
    var wrapped: String?
    @Option(help: .init("Number of maps in a line.", valueName: "number"))
    var columns = 8
    @Option(help: .init("The satellite of the phase.", valueName: "name"))
    var sensor = Sensor.sentinel1
    @Option(help: .init("The time that the phase spans.", valueName: "days"))
    var days = 60.0
    @Flag(help: "Replace existing files.")
    var overwrite = false
  }

  func validate() throws {
    if sets.set.isEmpty { throw ValidationError("Give --set NAME=PATH.") }
    try require("--count", sets.count, in: 1...10_000)
    try require("--columns", out.columns, in: 1...1000)
    try require("--among", sets.among, in: sets.count...1_000_000)
    try require("--patch-size", sets.patchSize, in: 8...4096, unit: "pixels")
    try require("--days", out.days, in: 0.001...100_000)
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let claims = try ([out.output] + (out.wrapped.map { [$0] } ?? [])).map {
      try AtomicFile.claim($0, overwrite: out.overwrite)
    }
    defer { withExtendedLifetime(claims) {} }
    let reader = PatchSetReader(
      count: sets.among, patchSize: sets.patchSize,
      drawing: PatchSetReader.drawing(filter: false), unit: units.unit,
      losConvention: units.losSign, quantity: sets.quantity)
    let sheet = SetSheet(
      try sets.set.map { try NamedPath(parsing: $0) }
        .map { try reader.read($0.path, name: $0.name) },
      count: sets.count)
    guard sheet.quantity == .rate || out.wrapped == nil else {
      throw ValidationError("--wrapped is for rates, and these are \(sheet.quantity.words).")
    }
    try sheet.rates(columns: out.columns).write(to: out.output)
    if let wrapped = out.wrapped {
      try sheet.wrapped(columns: out.columns, sensor: out.sensor, days: out.days)
        .write(to: wrapped)
    }
    let paths = [out.output] + (out.wrapped.map { [$0] } ?? [])
    if messages.json { return try printJSON(["paths": paths]) }
    print(paths.joined(separator: "\n"))
  }
}

struct ScatterFigureCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "scatter",
    abstract: "Draw the features of an evaluation's sets in two dimensions (t-SNE).",
    discussion: """
      Beside each name stands how much the set mixes with the real one; 1 means as much as by chance.
      """.withExamples(
        "ganinsar figure scatter evaluation/metrics.json --set model -o scatter.png"))

  @Argument(help: "The metrics.json of an evaluation with weights.")
  var metrics: String
  @OptionGroup(title: "Content") var content: ContentOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct ContentOptions: ParsableArguments {
    @Option(
      parsing: .singleValue,
      help: .init("A set to draw beside the real one; repeatable.", valueName: "name"))
    var set: [String]
    @Option(help: .init("The line above the figure.", valueName: "text"))
    var title = "t-SNE of Inception features"
    @Option(help: .init("The seed of the layout.", valueName: "number"))
    var seed: UInt64 = 0
    @Option(
      help: .init(
        "Folder in which the evaluation kept its features (default: the user's cache folder).",
        valueName: "folder"))
    var cache: String?
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The PNG file to write.", valueName: "file"))
    var output: String
    @Flag(help: "Replace an existing file.")
    var overwrite = false
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let claim = try AtomicFile.claim(out.output, overwrite: out.overwrite)
    defer { withExtendedLifetime(claim) {} }
    let scatter = try FeatureScatter(
      EvaluationRecord.read(metrics), names: content.set,
      cache: FeatureCache(folder: content.cache ?? FeatureCache.standardFolder()),
      seed: content.seed)
    try scatter.picture(title: content.title).write(to: out.output)
    if messages.json { return try printJSON(["paths": [out.output]]) }
    print(out.output)
  }
}

struct MetricsTableCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Print the numbers of an evaluation as Markdown.",
    discussion: "Without --physics: the metrics on features.".withExamples(
      "ganinsar figure table evaluation/metrics.json",
      "ganinsar figure table evaluation/metrics.json --physics",
      "ganinsar figure table evaluation/metrics.json --relative-to sun"))

  @Argument(help: "The metrics.json of an evaluation.")
  var metrics: String
  @OptionGroup(title: "Content") var content: ContentOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct ContentOptions: ParsableArguments {
    @Option(
      help: .init("Also divide the FID of each set by that of this set.", valueName: "name"))
    var relativeTo: String?
    @Flag(help: "Print the measures in physical units instead.")
    var physics = false
  }

  func run() throws {
    if messages.json {
      print(try OrderedJSON.text(of: EvaluationRecord.read(metrics)), terminator: "")
      return
    }
    let table = MetricsTable(try EvaluationRecord.read(metrics), reference: content.relativeTo)
    print(content.physics ? table.physics : table.features)
  }
}
