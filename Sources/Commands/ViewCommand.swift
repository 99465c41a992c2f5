import ArgumentParser
import DurableFiles
import Foundation
import Jobs
import Pictures
import RasterIO
import Rasters
import RunSupport

struct ViewCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Draw rasters, stacks, samples and datasets as PNG, SVG or PDF.",
    discussion: """
      Several rasters are drawn side by side. A folder that compose, dataset, simulate, generate, \
      prepare or train wrote becomes a contact sheet. Rates and other values with a sign get a \
      blue-red map around 0, values that are not negative a map from dark to light, wrapped phase a \
      cyclic one, coherence gray levels from 0 to 1; missing pixels are gray.
      """.withExamples(
        "ganinsar view velocity.h5 -o velocity.png",
        "ganinsar view rate.tif height.tif coherence.tif -o scene.pdf --columns 3",
        "ganinsar view stack -o stack.png --layers wrapped,coherence --count 4",
        "ganinsar view training --sample 0 --sample 17 -o samples.svg",
        "ganinsar view rate.tif -o rate.png --limits -5:5 --title \"Campi Flegrei\""))

  @Argument(help: "Raster files, or one folder.")
  var files: [String]
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct PictureOptions: ParsableArguments {
    @Option(
      parsing: .unconditional,
      help: .init(
        "Ends of the color scale, such as -5:5 (default: 0.5th and 99.5th percentiles).",
        valueName: "low:high"))
    var limits: String?
    @Option(help: "The color map (default: by name, unit and values).")
    var map: MapKind?
    @Option(help: .init("The line above the picture.", valueName: "text"))
    var title: String?
    @Option(help: .init("Number of maps in a line.", valueName: "number"))
    var columns: Int?
    @Option(help: .init("Length of the longer side of a map.", valueName: "pixels"))
    var side: Int?
    @Option(
      help: .init(
        "Maps, interferograms or samples drawn of a folder or an .npy stack, evenly taken.",
        valueName: "number"))
    var count = 8
    @Option(
      parsing: .singleValue,
      help: .init("A sample of a dataset, counted from 0; repeatable.", valueName: "number"))
    var sample: [Int] = []
    @Option(
      help: .init(
        "Layers of a stack or of samples, separated by commas (default: all).",
        valueName: "name,..."))
    var layers: String?
    @Option(help: .init("Image pixels for each pixel of the picture, for print.", valueName: "1-8"))
    var scale = 2
  }

  struct TargetOptions: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: .init("The picture to write: .png, .svg or .pdf.", valueName: "file"))
    var output: String
    @Flag(help: "Also write the picture as SVG, beside the other file.")
    var svg = false
    @Flag(help: "Replace existing files.")
    var overwrite = false
  }

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name a raster file, or a folder.") }
    try require("--count", picture.count, in: 1...1000)
    try require("--scale", picture.scale, in: 1...8)
    if let columns = picture.columns { try require("--columns", columns, in: 1...1000) }
    if let side = picture.side { try require("--side", side, in: 16...8192, unit: "pixels") }
    for sample in picture.sample { try require("--sample", sample, in: 0...Int.max) }
    if picture.sample.count > 1000 { throw ValidationError("Give --sample at most 1000 times.") }
    if let limits = picture.limits {
      do {
        _ = try ColorScale.limits(parsing: limits)
      } catch { throw ValidationError("--limits: \(error)") }
    }
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    var paths = [out.output]
    let beside = FilePath.withoutExtension(out.output) + ".svg"
    if out.svg && beside != out.output { paths.append(beside) }
    for path in paths { _ = try PictureFormat(path: path) }
    let claims = try paths.map { try AtomicFile.claim($0, overwrite: out.overwrite) }
    defer { withExtendedLifetime(claims) {} }
    var job = FilePicture()
    job.options = reading.options(units)
    job.kind = picture.map
    job.limits = try picture.limits.map { try ColorScale.limits(parsing: $0) }
    job.title = picture.title
    job.columns = picture.columns
    job.side = picture.side.map { Double($0) }
    job.count = picture.count
    job.samples = picture.sample
    job.layers = picture.layers?.split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    job.pixelScale = picture.scale
    let (drawing, notes) = try job.drawing(files)
    for path in paths { try PictureFile.write(drawing, to: path, scale: picture.scale) }
    for note in notes { printNote("Note: \(note)") }
    if messages.json { return try printJSON(["paths": paths]) }
    print(paths.joined(separator: "\n"))
  }
}
