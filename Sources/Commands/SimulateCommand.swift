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
    abstract: "Make rate maps from physical and handcrafted sources.",
    discussion: """
      Writes a folder of rasters in cm/yr, positive toward the satellite, with manifest.json and, \
      beside each sample, every number that was drawn for it. Sample i depends on the preset, the \
      seed, the size and i alone. Until all is written the samples lie in OUT.partial; the same \
      command goes on there after an interruption.

      Presets:
      \(ScenePreset.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
      """)

  @Argument(help: "Name of the preset.")
  var preset: String
  @Option(name: [.short, .long], help: "Folder to write; it must not exist yet.")
  var output: String?
  @Option(help: "Number of samples, over all shards.")
  var count = 1
  @Option(help: "The same seed gives the same samples.")
  var seed: UInt64 = 0
  @Option(help: "Width and height in pixels.")
  var size = 1024
  @Option(help: "Edge of a pixel on the ground in m (default: the preset's).")
  var pixelSize: Double?
  @Option(help: "tif, npy, h5, png; several with commas (default: tif, or npy without GDAL).")
  var format: String?
  @Option(help: "Write one dataset for machine learning instead: webdataset, zarr, hdf5 or npy.")
  var samples: String?
  @Option(
    help: "Make only shard K of N, in OUT/shard-K-of-N: 0/4 to 3/4, or auto (Slurm, torchrun).")
  var shard: String?
  @Option(
    help: "A raster of heights in m that presets with a DEM crop (default: a fractal surface).")
  var dem: String?
  @Flag(help: "Replace the pictures that --picture would write.")
  var overwrite = false
  @Flag(help: "Write east, north and up rates too, where the preset is physical.")
  var components = false
  @Flag(help: "Make the samples on all cores, write nothing, and print samples a second.")
  var time = false

  @Option(
    help: "With the preset 'all': draw samples of every preset to NAME-rates.png, NAME-wrapped.png."
  )
  var picture: String?
  @Option(parsing: .singleValue, help: "A measured map to show above them. Repeat for more.")
  var beside: [String] = []
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func validate() throws {
    try require("--count", count, in: 1...1_000_000_000)
    try require("--size", size, in: 1...65_536, unit: "pixels")
    try require("--pixel-size", pixelSize, in: 0.1...100_000, unit: "m")
    if (preset == "all") != (picture != nil) {
      throw ValidationError("The preset 'all' and --picture go together.")
    }
    if overwrite && picture == nil { throw ValidationError("--overwrite is for --picture.") }
    if picture != nil { return }
    if !beside.isEmpty { throw ValidationError("--beside is for --picture.") }
    if samples != nil && format != nil {
      throw ValidationError("--format is for single rasters and --samples for datasets: drop one.")
    }
    if !time && output == nil { throw ValidationError("Give a folder with -o, or --time.") }
    if time && output != nil { throw ValidationError("--time writes nothing: leave out -o.") }
  }

  func run() throws {
    if let picture { return try draw(picture) }
    let preset = try ScenePreset.named(preset)
    let share = try JobShare(option: shard)
    let job = try SimulationJob(
      preset: preset,
      grid: SceneGrid(
        width: size, height: size, pixelSizeMeters: pixelSize ?? preset.pixelSizeMeters),
      count: count, seed: seed, formats: try formats(), shard: share,
      terrain: try terrain(), writesComponents: components)
    Interruption.install()
    guard let output else { return try measure(job) }
    if let samples {
      try export(job, as: samples, to: output)
    } else {
      if share != .whole { try AtomicFolder.makeFolders(output) }
      try write(job, to: ShareFolders.path(output, share))
    }
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

  private func export(_ job: SimulationJob, as name: String, to output: String) throws {
    guard let format = SampleFormat(rawValue: name.lowercased()) else {
      throw ValidationError(
        "--samples '\(name)' is unknown; choose from: "
          + SampleFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    let stopwatch = Stopwatch()
    let progress = ProgressReporter(
      "simulating", total: job.shard == .whole ? count : nil, unit: "samples")
    let source = ParallelSamples(job)
    // Processes divide the shards of a dataset; the job itself is the same in each process.
    var description = job.description
    description["shard"] = nil
    description["formats"] = nil
    let made = try SampleExport(
      format: format, output: output, count: count, share: job.shard
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
    let layers = [rate] + sample.layers + (components ? sample.componentLayers : [])
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
      "\(job.indices.count) samples of \(size) x \(size) px in \(Self.rounded(seconds)) s on "
        + "\(cores) cores: \(Self.rounded(rate)) a second")
  }

  private func draw(_ name: String) throws {
    Interruption.install(endingWithin: 1)
    let files = ["\(name)-rates.png", "\(name)-wrapped.png"]
    let claims = try files.map { try AtomicFile.claim($0, overwrite: overwrite) }
    defer { withExtendedLifetime(claims) {} }
    let maps = try beside.map { try RateMapReader().read($0).raster }
    let names = beside.map(FilePath.name).joined(separator: ", ")
    var picture = PresetPicture(sizePixels: size, seed: seed, terrain: try terrain())
    if !maps.isEmpty {
      picture.measured = [
        ("measured: \(names)", maps),
        ("the same, amplitude harmonised to 25 cm/yr", try maps.map(PresetPicture.harmonised)),
      ]
    }
    let (rates, wrapped) = try picture.render()
    try rates.write(to: files[0])
    try wrapped.write(to: files[1])
    if messages.json { return try printJSON(["paths": files]) }
    print(files.joined(separator: "\n"))
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.3g", value) }

  private func terrain() throws -> Terrain {
    guard let dem else { return .synthetic }
    let scene = try RasterReader.read(dem)
    try scene.refuseUndeclaredFills()
    return .raster(scene.raster, name: FilePath.name(dem))
  }

  private func formats() throws -> [RasterFormat] {
    guard let format else { return [RasterFormat.tif.isAvailable ? .tif : .npy] }
    return try format.split(separator: ",").map { name in
      guard let format = RasterFormat(rawValue: name.lowercased()) else {
        throw ValidationError(
          "--format '\(name)' is unknown; choose from: "
            + RasterFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".")
      }
      return format
    }
  }
}
