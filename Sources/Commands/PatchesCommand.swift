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
      From a dataset: as 'ganinsar evaluate' draws them, without offset and augmentation, at both \
      scales of the multi-scale mix. From folders of maps, such as 'ganinsar simulate' writes: random \
      windows at the same scales, none refused, one to a map in turn. The same seed gives the same \
      file.
      """)

  @Argument(help: "A dataset, or folders of rasters.")
  var sources: [String]
  @Option(name: .shortAndLong, help: "The .npy file to write.")
  var output: String
  @Option(help: "How many patches.")
  var count = 2048
  @Option(help: "Pixels a side of a patch.")
  var size = 256
  @Option(help: "The seed of the draw.")
  var seed: UInt64 = 0
  @Flag(inversion: .prefixedNo, help: "Draw from a dataset with the conditional filter.")
  var filter = true
  @Flag(help: "Draw from the held-out scenes of a dataset.")
  var heldOut = false
  @Option(help: "Unit of files that state none, such as cm/yr.")
  var unit: String?
  @Option(help: LOSConvention.optionHelp)
  var losSign: String?
  @Flag(help: "Replace the file that stands there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func validate() throws {
    try require("--count", count, in: 1...1_000_000)
    try require("--size", size, in: 8...4096, unit: "pixels")
    try require(
      "--count times --size times --size", count * size * size, in: 1...8_000_000_000,
      unit: "pixels, which are held in memory")
    if !output.lowercased().hasSuffix(".npy") {
      throw ValidationError("-o \(output): name a file that ends in .npy.")
    }
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let claim = try AtomicFile.claim(output, overwrite: overwrite)
    defer { withExtendedLifetime(claim) {} }
    let reader = PatchSetReader(
      count: count, patchSize: size, seed: seed, drawing: PatchSetReader.drawing(filter: filter),
      usesHeldOut: heldOut, unit: try unit.map(RasterUnit.parse),
      losConvention: try losSign.map { try LOSConvention(option: $0) })
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
    if messages.json {
      return try printJSON(Written(output, count: set.count, "patches", stopwatch))
    }
    print("\(output): \(set.count) patches of \(size) x \(size) px, sha256 \(set.sha256)")
  }
}
