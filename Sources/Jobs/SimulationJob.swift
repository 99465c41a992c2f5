import DurableFiles
import Foundation
import Kernel
import RasterIO
import Rasters
import RunSupport
import Simulators

/// Writes samples of a preset into a folder, as `ganinsar simulate` does.
///
/// `manifest.json` states preset, seed, unit and sign convention and lists the samples; each sample
/// has its rasters (the rate in cm/yr and further layers) and a `.json` with all its random
/// parameters.
package struct SimulationJob: Sendable {
  package static let manifestName = "manifest.json"

  package let preset: ScenePreset
  package let grid: SceneGrid
  /// Number of samples of the whole job, over all shards.
  package let count: Int
  package let seed: UInt64
  package let formats: [RasterFormat]
  package let shard: JobShard
  package let inputs: SceneInputs
  /// Whether east, north and up are also written, if the preset is physical.
  package let writesComponents: Bool

  /// - Throws: `SimulatorError.badJob` for a count below 1, no format, or a format that this build
  ///   cannot write; `.noTrainingImage`.
  package init(
    preset: ScenePreset, grid: SceneGrid, count: Int, seed: UInt64, formats: [RasterFormat],
    shard: JobShard = .whole, inputs: SceneInputs = SceneInputs(), writesComponents: Bool = false
  ) throws {
    var faults: [String] = []
    if count < 1 { faults.append("\(count) samples were requested; give 1 or more") }
    if formats.isEmpty { faults.append("no file format was given") }
    for format in formats where !format.isAvailable {
      faults.append(
        "this build cannot write \(format.rawValue) (it has no GDAL); use npy or png")
    }
    guard faults.isEmpty else { throw SimulatorError.badJob(faults: faults) }
    if preset.needsTrainingImages && inputs.training == nil {
      throw SimulatorError.noTrainingImage(preset: preset.name)
    }
    self.preset = preset
    self.grid = grid
    self.count = count
    self.seed = seed
    self.shard = shard
    self.inputs = inputs
    self.writesComponents = writesComponents
    var seen: Set<RasterFormat> = []
    self.formats = formats.filter { seen.insert($0).inserted }
  }

  /// The samples of this job's shard.
  package var indices: Range<Int> { shard.range(of: count) }

  /// Writes the folder `output`, which appears only when it is complete.
  ///
  /// Until then the samples are in `<output>.partial`, and the same job continues there when it is
  /// started again, also after a kill. Samples are made on all cores; `progress` is called, in
  /// order, with the number of finished samples. Memory does not grow with the number of samples.
  /// - Throws: `RunError.alreadyExists`, `.otherContent`, `.inUse`, `.cannotWrite`, `.interrupted`;
  ///   `SimulatorError.notFinite`.
  package func run(output: String, progress: (Int) -> Void = { _ in }) throws {
    let folder = try RecordedFolder(
      output: output, description: try Self.json(description))
    if folder.recordCount > 0 { progress(folder.recordCount) }
    do {
      try run(in: folder, progress)
    } catch {
      if folder.recordCount == 0 { folder.discard() }
      throw error
    }
    try folder.finish(manifest: try manifestText())
  }

  private func run(in folder: RecordedFolder, _ progress: (Int) -> Void) throws {
    let path = folder.path
    let first = indices.lowerBound + folder.recordCount
    for batch in stride(from: first, to: indices.upperBound, by: Self.batchSize) {
      try Interruption.check()
      let batch = batch..<min(batch + Self.batchSize, indices.upperBound)
      for result in Parallel.results(batch, { try write(sample: $0, into: path) }) {
        try folder.append(try result.get())
        progress(folder.recordCount)
      }
    }
  }

  /// Makes the samples without writing them, to measure the speed.
  package func makeOnly(progress: (Int) -> Void = { _ in }) throws {
    for batch in stride(from: indices.lowerBound, to: indices.upperBound, by: 256) {
      try Interruption.check()
      let batch = batch..<min(batch + 256, indices.upperBound)
      for result in Parallel.results(batch, { _ = try sample($0) }) { try result.get() }
      progress(batch.upperBound - indices.lowerBound)
    }
  }

  /// Number of samples that are made in parallel and then recorded; a kill may lose this number.
  static let batchSize = 4 * max(1, ProcessInfo.processInfo.activeProcessorCount)

  func sample(_ index: Int) throws -> SimulatedSample {
    try preset.sample(grid: grid, seed: seed, index: index, inputs: inputs)
  }

  /// A sample, checked to be finite.
  /// - Throws: `SimulatorError.notFinite`, or what the preset throws.
  func finiteSample(_ index: Int) throws -> SimulatedSample {
    let sample = try sample(index)
    guard sample.isFinite else {
      throw SimulatorError.notFinite(preset: preset.name, sample: index)
    }
    return sample
  }

  private func write(sample index: Int, into folder: String) throws -> SimulationManifest.Sample {
    let sample = try finiteSample(index)
    let name = "\(preset.name)_\(index.zeroPadded(6))"
    let rate = SampleLayer(name, .centimetersPerYear, sample.rateCMPerYear)
    let extras = sample.layers + (writesComponents ? sample.componentLayers : [])
    let files = try write(rate, named: name, sample: index, into: folder)
    var layerFiles: [String: [String]] = [:]
    for layer in extras {
      layerFiles[layer.name] = try write(
        layer, named: "\(name)_\(layer.name)", sample: index, into: folder)
    }
    try AtomicFile.write(try Self.json(SampleNumbers(sample)), to: "\(folder)/\(name).json")
    return SimulationManifest.Sample(
      index: index, files: files, layers: layerFiles.isEmpty ? nil : layerFiles,
      parameters: "\(name).json", leastCMPerYear: sample.rateCMPerYear.min()!,
      greatestCMPerYear: sample.rateCMPerYear.max()!)
  }

  /// Writes each format, except those that cannot hold the unit (MintPy's is only for rates).
  private func write(
    _ layer: SampleLayer, named name: String, sample index: Int, into folder: String
  ) throws -> [String] {
    let raster = Raster(
      width: grid.width, height: grid.height, values: layer.values, unit: layer.unit,
      georeference: .simulated(grid))
    let isRate = layer.unit == .centimetersPerYear
    let options = RasterWriteOptions(
      losConvention: isRate ? .towardSatellite : nil,
      metadata: ["SIMULATED": "ganinsar simulate \(preset.name) --seed \(seed), sample \(index)"],
      title: name, colorLimit: isRate ? 15 : nil)
    return try formats.filter { $0 != .h5 || isRate }.map { format in
      let file = "\(name).\(format.rawValue)"
      try RasterWriter.write(raster, to: "\(folder)/\(file)", format: format, options: options)
      return file
    }
  }

  static func json(_ record: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(record) + Data("\n".utf8)
  }
}

extension Georeference {
  /// A made-up georeference: north-up pixels of the grid's size in UTM zone 33N.
  static func simulated(_ grid: SceneGrid) -> Georeference {
    Georeference(
      geotransform: [
        500_000, grid.pixelSizeMeters, 0, 4_500_000 + grid.heightMeters, 0, -grid.pixelSizeMeters,
      ],
      crsWKT: """
        PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",\
        SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],\
        UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],\
        PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],\
        PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],\
        PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32633"]]
        """)
  }
}
