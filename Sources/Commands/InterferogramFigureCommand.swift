import ArgumentParser
import DurableFiles
import Evaluation
import Jobs
import Pictures
import RasterIO
import Rasters

struct InterferogramFigureCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "interferograms",
    abstract: "Compare wrapped interferograms of several sets, measured and simulated.",
    discussion: """
      A set is a raster of phase (wrapped or unwrapped), a folder of them, or a dataset of samples \
      with an array 'wrapped' or 'filtered'. All are cut into patches. The picture shows patches in random order \
      with numbers; the set of each number is printed. The distributions are those of residues, of \
      the coherence that the phase itself shows, of the fringe rate, and the structure function.
      """.withExamples(
        "ganinsar figure interferograms --set real=ifg.tif --set ours=training --unit rad "
          + "-o patches.png --distributions curves.svg"))

  @OptionGroup(title: "Sets") var sets: SetOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct SetOptions: ParsableArguments {
    @Option(
      parsing: .singleValue, help: .init("A set to compare; repeatable.", valueName: "name=path"))
    var set: [String] = []
    @Option(
      parsing: .singleValue,
      help: .init(
        "A set of which only distributions are drawn, no pixels; repeatable.",
        valueName: "name=path"))
    var measureOnly: [String] = []
    @Option(help: .init("Side of a patch.", valueName: "pixels"))
    var patchSize = 64
    @Option(help: .init("Number of patches shown.", valueName: "number"))
    var count = 24
    @Option(help: .init("The seed of their choice and order.", valueName: "number"))
    var seed: UInt64 = 0
  }

  struct TargetOptions: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: .init("The picture of patches (.png, .svg, .pdf).", valueName: "file"))
    var output: String
    @Option(help: .init("The picture of distributions.", valueName: "file"))
    var distributions: String?
    @Option(help: .init("Number of patches in a line.", valueName: "number"))
    var columns = 8
    @Flag(help: "Replace existing files.")
    var overwrite = false
  }

  func validate() throws {
    if sets.set.isEmpty { throw ValidationError("Give --set NAME=PATH.") }
    try require("--patch-size", sets.patchSize, in: 8...4096, unit: "pixels")
    try require("--count", sets.count, in: 1...1000)
    try require("--columns", out.columns, in: 1...1000)
  }

  private struct Report: Encodable {
    var paths: [String]
    /// The set of each number of the picture.
    var key: [String]
    var measures: [[String]]
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let paths = [out.output] + (out.distributions.map { [$0] } ?? [])
    for path in paths { _ = try PictureFormat(path: path) }
    let claims = try paths.map { try AtomicFile.claim($0, overwrite: out.overwrite) }
    defer { withExtendedLifetime(claims) {} }
    var comparison = InterferogramComparison(patchSize: sets.patchSize, seed: sets.seed)
    let options = RasterReadOptions(unit: units.unit, losConvention: units.losSign)
    for (list, isShown) in [(sets.set, true), (sets.measureOnly, false)] {
      for text in list {
        let named = try NamedPath(parsing: text)
        try comparison.add(
          name: named.name, path: named.path, isShown: isShown, options: options)
      }
    }
    let (picture, key) = comparison.shuffled(
      count: sets.count, columns: out.columns, pixelScale: 2)
    try PictureFile.write(picture, to: out.output, scale: 2)
    var rows: [[String]] = []
    if let path = out.distributions {
      let (curves, measures) = try comparison.distributions()
      rows = measures
      try PictureFile.write(curves, to: path, scale: 2)
    }
    if messages.json {
      return try printJSON(Report(paths: paths, key: key, measures: rows))
    }
    print(key.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", "))
    if !rows.isEmpty {
      print(
        "\n| set | patches | residues per 1000 loops (10, 50, 90 %) | coherence (10, 50, 90 %) "
          + "| fringes per pixel (50, 90 %) | structure function, rad² |\n|---|---|---|---|---|---|"
      )
      for row in rows { print("| " + row.joined(separator: " | ") + " |") }
    }
  }
}
