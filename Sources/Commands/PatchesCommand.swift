import ArgumentParser
import DurableFiles
import Foundation
import Patches
import RasterIO
import Rasters

struct PatchesCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "patches",
    abstract: "Draw a set of patches once and keep it: an .npy stack [N, S, S] in cm/yr.",
    discussion: """
      From a dataset, patches are drawn as by 'ganinsar evaluate': without offset and augmentation, at \
      both scales of the multi-scale mix. From folders of maps, such as 'ganinsar simulate' writes, \
      they are random windows at the same scales, one from each map in turn, and none is rejected. \
      The same seed gives the same file.
      """.withExamples(
        "ganinsar patches dataset -o real.npy --count 2048 --size 256",
        "ganinsar patches dataset --held-out --no-filter -o held-out.npy --count 512 --size 64",
        "ganinsar patches simulated -o simulated.npy --count 512 --size 64"))

  @Argument(help: "A dataset, or folders of rasters.")
  var sources: [String]
  @OptionGroup(title: "Drawing") var drawing: DrawingOptions
  @OptionGroup(title: "Units and sign") var units: MissingUnitOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct DrawingOptions: ParsableArguments {
    @Option(help: .init("Number of patches.", valueName: "number"))
    var count = 2048
    @Option(help: .init("Side of a patch.", valueName: "pixels"))
    var size = 256
    @Option(help: .init("The same seed gives the same patches.", valueName: "number"))
    var seed: UInt64 = 0
    @Flag(
      inversion: .prefixedNo, help: "Apply the conditional filter to patches of a dataset.")
    var filter = true
    @Flag(help: "Draw from the held-out scenes of a dataset.")
    var heldOut = false
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The .npy file to write.", valueName: "file"))
    var output: String
    @Flag(help: "Replace an existing file.")
    var overwrite = false
  }

  func validate() throws {
    let (count, size) = (drawing.count, drawing.size)
    try require("--count", count, in: 1...1_000_000)
    try require("--size", size, in: 8...4096, unit: "pixels")
    try require(
      "--count times --size times --size", count * size * size, in: 1...8_000_000_000,
      unit: "pixels, which are held in memory")
    if !out.output.lowercased().hasSuffix(".npy") {
      throw ValidationError("-o \(out.output): name a file that ends in .npy.")
    }
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let (output, size) = (out.output, drawing.size)
    let claim = try AtomicFile.claim(output, overwrite: out.overwrite)
    defer { withExtendedLifetime(claim) {} }
    let reader = PatchSetReader(
      count: drawing.count, patchSize: size, seed: drawing.seed,
      drawing: PatchSetReader.drawing(filter: drawing.filter), usesHeldOut: drawing.heldOut,
      unit: units.unit, losConvention: units.losSign)
    let set: EvaluationSet
    if sources.count == 1, try PatchSetReader.kind(of: sources[0]) == .dataset {
      set = try reader.read(sources[0], name: "patches")
    } else {
      for source in sources where try PatchSetReader.kind(of: source) != .folder {
        throw ValidationError("\(source): give one dataset, or folders of rasters.")
      }
      set = try reader.windows(ofMapsIn: sources, name: "patches")
    }
    try NpyArray(shape: [set.count, size, size], values: set.patches.flatMap { $0 })
      .write(to: output)
    for note in set.notes { printNote("Note: \(note)") }
    if set.quantity != .rate {
      printNote(
        "Note: these are \(set.quantity.words), unit \(set.quantity.unit.rawValue), which an .npy file "
          + "does not say: evaluate needs --quantity \(set.quantity.rawValue).")
    }
    if messages.json {
      return try printJSON(Written(output, count: set.count, "patches", stopwatch))
    }
    print("\(output): \(set.count) patches of \(size) x \(size) px, sha256 \(set.sha256)")
  }
}
