import ArgumentParser
import RasterIO
import RunSupport
import Simulators

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Make rate maps from physical and handcrafted sources.",
    discussion: """
      Writes a folder of rasters in cm/yr, positive toward the satellite, with manifest.json and, \
      beside each sample, every parameter it was made from. Sample i depends on the preset, the \
      seed, the size and i alone.

      Presets:
      \(ScenePreset.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
      """)

  @Argument(help: "Name of the preset.")
  var preset: String
  @Option(name: [.short, .long], help: "Folder to write; it must not exist yet.")
  var output: String
  @Option(help: "Number of samples.")
  var count = 1
  @Option(help: "The same seed gives the same samples.")
  var seed: UInt64 = 0
  @Option(help: "Width and height in pixels.")
  var size = 1024
  @Option(help: "Edge of a pixel on the ground in m (default: the preset's).")
  var pixelSize: Double?
  @Option(help: "tif, npy, h5, png; several with commas (default: tif, or npy without GDAL).")
  var format: String?

  func run() throws {
    let preset = try ScenePreset.named(preset)
    let job = try SimulationJob(
      preset: preset,
      grid: SceneGrid(
        width: size, height: size, pixelSizeMeters: pixelSize ?? preset.pixelSizeMeters),
      count: count, seed: seed, formats: try formats())
    Interruption.install()
    let progress = ProgressReporter("simulating", total: count, unit: "scenes")
    try job.run(output: output) { progress.update(to: $0) }
    progress.finish()
    print("\(count) rate map\(count == 1 ? "" : "s") in \(output)")
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
