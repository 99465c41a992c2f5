import ArgumentParser
import Datasets
import DurableFiles
import Foundation
import Jobs
import RasterIO
import RunSupport
import Simulators
import StackFiles

struct SimulateCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Simulate rate maps from physical and geometric sources.",
    discussion: """
      Writes a folder of rasters in cm/yr, positive toward the satellite, with manifest.json and, \
      for each sample, every number that was drawn for it. Sample i depends only on the preset, the \
      seed, the size and i. Until all samples are written they lie in OUT.partial; after an \
      interruption the same command continues there.

      Presets:
      \(ScenePreset.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
        all: samples of every preset on one sheet, with --picture
      """.withExamples(
        "ganinsar simulate sun -o sun --count 100 --size 256 --seed 1",
        "ganinsar simulate mixed -o mixed --count 8 --size 512 --format tif,png --components",
        "ganinsar simulate wu -o training --count 50000 --size 256 --samples webdataset",
        "ganinsar simulate rongier-ds -o alike --count 100 --size 256 --training-image velocity.h5",
        "ganinsar simulate all --picture presets --size 256"))

  @Argument(help: "The preset, a published way to draw sources and textures.")
  var preset: PresetName
  @OptionGroup(title: "Scene") var scene: SceneOptions
  @OptionGroup(title: "Measured maps to learn from") var learning: LearningOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Reproducibility and shards") var job: ReproducibilityOptions
  @OptionGroup(title: "Sheet of all presets") var sheet: SheetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct SceneOptions: ParsableArguments {
    @Option(help: .init("Width and height of a map.", valueName: "pixels"))
    var size = 1024
    @Option(
      help: .init(
        "Width of a pixel on the ground in m (default: that of the preset).", valueName: "m"))
    var pixelSize: Double?
    @Option(
      help: .init(
        "A raster of heights in m, from which presets with a DEM take crops (default: a fractal surface).",
        valueName: "file"))
    var dem: String?
  }

  struct TargetOptions: ParsableArguments {
    @Option(
      name: [.short, .long],
      help: .init("The folder to create; it must not exist yet.", valueName: "folder"))
    var output: String?
    @Option(help: .init("Number of samples, over all shards.", valueName: "number"))
    var count = 1
    @Option(
      help: .init(
        "File formats, separated by commas (default: tif, or npy in a build without GDAL).",
        valueName: "format,..."))
    var format: ChoiceList<RasterFormat>?
    @Option(
      help: .init(
        "Write one dataset for machine learning instead of single rasters.", valueName: "layout"))
    var samples: SampleFormat?
    @Flag(help: "Also write east, north and up rates, if the preset is physical.")
    var components = false
    @Flag(help: "Simulate on all cores, write nothing, and print the samples per second.")
    var time = false
  }

  struct ReproducibilityOptions: ParsableArguments {
    @Option(help: .init("The same seed gives the same samples.", valueName: "number"))
    var seed: UInt64 = 0
    @OptionGroup var shard: ShardOption
  }

  struct SheetOptions: ParsableArguments {
    @Option(
      help: .init(
        "With the preset 'all': draw samples of every preset to NAME-rates.png and NAME-wrapped.png.",
        valueName: "name"))
    var picture: String?
    @Option(
      parsing: .singleValue,
      help: .init("A measured map to show above them; repeatable.", valueName: "file"))
    var beside: [String] = []
    @Flag(help: "Replace existing images.")
    var overwrite = false
  }

  func validate() throws {
    try require("--count", out.count, in: 1...1_000_000_000)
    try require("--size", scene.size, in: 1...65_536, unit: "pixels")
    try require("--pixel-size", scene.pixelSize, in: 0.1...100_000, unit: "m")
    if (preset == .all) != (sheet.picture != nil) {
      throw ValidationError("Use the preset 'all' and --picture together.")
    }
    if sheet.picture != nil { return }
    if sheet.overwrite { throw ValidationError("--overwrite is for --picture.") }
    if !sheet.beside.isEmpty { throw ValidationError("--beside is for --picture.") }
    if out.samples != nil && out.format != nil {
      throw ValidationError("--format is for single rasters, --samples for datasets: use one.")
    }
    if !out.time && out.output == nil { throw ValidationError("Give a folder with -o, or --time.") }
    if out.time && out.output != nil {
      throw ValidationError("--time writes nothing: leave out -o.")
    }
  }

  func run() throws {
    if let picture = sheet.picture { return try draw(picture) }
    let preset = try ScenePreset.named(preset.name)
    let shard = try job.shard.jobShard()
    let job = try SimulationJob(
      preset: preset,
      grid: SceneGrid(
        width: scene.size, height: scene.size,
        pixelSizeMeters: scene.pixelSize ?? preset.pixelSizeMeters),
      count: out.count, seed: job.seed, formats: formats, shard: shard,
      inputs: try inputs(for: preset), writesComponents: out.components)
    Interruption.install()
    guard let output = out.output else { return try measure(job) }
    if let format = out.samples {
      try export(job, as: format, to: output)
    } else {
      if shard != .whole { try AtomicFolder.makeFolders(output) }
      try write(job, to: ShardFolders.path(output, shard))
    }
  }

  private func inputs(for preset: ScenePreset) throws -> SceneInputs {
    try learning.check(preset)
    return try learning.inputs(dem: scene.dem, units: units)
  }

  private func write(_ job: SimulationJob, to output: String) throws {
    let made = job.indices.count
    let stopwatch = Stopwatch()
    let progress = ProgressReporter("simulating", total: made, unit: "samples")
    do {
      try job.run(output: output) { progress.update(to: $0) }
    } catch RunError.interrupted {
      printNote("The same command continues from here.")
      throw RunError.interrupted
    }
    progress.finish()
    if messages.json { return try printJSON(Written(output, count: made, "maps", stopwatch)) }
    print("\(made) rate map\(made == 1 ? "" : "s") in \(output)")
  }

  private func export(_ job: SimulationJob, as format: SampleFormat, to output: String) throws {
    let stopwatch = Stopwatch()
    let progress = ProgressReporter(
      "simulating", total: job.shard == .whole ? out.count : nil, unit: "samples")
    let source = ParallelSamples(job)
    // Processes divide the shards of a dataset; the job itself is the same in each process.
    var description = job.description
    description["shard"] = nil
    description["formats"] = nil
    let made = try SampleExport(
      format: format, output: output, count: out.count, jobShard: job.shard
    ).run(job: description) { index in
      try record(of: source.sample(index))
    } progress: {
      progress.update(to: $0)
    }
    progress.finish()
    if messages.json { return try printJSON(Written(output, count: made, "samples", stopwatch)) }
    print("\(made) sample\(made == 1 ? "" : "s") in \(output)")
  }

  private func record(of sample: SimulatedSample) throws -> SampleRecord {
    let rate = SampleLayer("rate", .centimetersPerYear, sample.rateCMPerYear)
    let layers = [rate] + sample.layers + (out.components ? sample.componentLayers : [])
    let arrays = layers.map { layer in
      SampleArray(
        name: layer.name.replacingOccurrences(of: "-", with: "_"),
        unit: layer.unit?.rawValue ?? "1",
        meaning: layer.name == "rate"
          ? "line-of-sight rate, positive toward the satellite"
          : layer.name.replacingOccurrences(of: "-", with: " "),
        array: NpyArray(shape: [sample.grid.height, sample.grid.width], values: layer.values))
    }
    return try SampleRecord(arrays: arrays, metadata: SampleNumbers(sample))
  }

  private func measure(_ job: SimulationJob) throws {
    let start = ContinuousClock.now
    try job.makeOnly()
    let elapsed = ContinuousClock.now - start
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let rate = Double(job.indices.count) / seconds
    if messages.json {
      return try printJSON(["count": Double(job.indices.count), "seconds": seconds])
    }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    print(
      "\(job.indices.count) samples of \(scene.size) x \(scene.size) px in \(Self.rounded(seconds)) s on "
        + "\(cores) cores: \(Self.rounded(rate)) a second")
  }

  private func draw(_ name: String) throws {
    Interruption.install(endingWithin: 1)
    let files = ["\(name)-rates.png", "\(name)-wrapped.png"]
    let claims = try files.map { try AtomicFile.claim($0, overwrite: sheet.overwrite) }
    defer { withExtendedLifetime(claims) {} }
    let maps = try sheet.beside.map { try RateMapReader().read($0).raster }
    let names = sheet.beside.map(FilePath.name).joined(separator: ", ")
    var picture = PresetPicture(
      sizePixels: scene.size, seed: job.seed,
      inputs: try learning.inputs(dem: scene.dem, units: units))
    if !maps.isEmpty {
      picture.measured = [
        ("measured: \(names)", maps),
        ("the same, amplitude harmonized to 25 cm/yr", try maps.map(PresetPicture.harmonized)),
      ]
    }
    let (rates, wrapped) = try picture.render()
    try rates.write(to: files[0])
    try wrapped.write(to: files[1])
    if messages.json { return try printJSON(["paths": files]) }
    print(files.joined(separator: "\n"))
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.3g", value) }

  private var formats: [RasterFormat] {
    out.format?.choices ?? [RasterFormat.tif.isAvailable ? .tif : .npy]
  }
}
