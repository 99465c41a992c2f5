import DurableFiles
import Foundation
import InSARPhase
import Kernel
import Pictures
import RunSupport
import Settings
import Simulators
import StackFiles

/// Writes a dataset for machine learning, as `ganinsar dataset` does.
///
/// `OUT/dataset.json` describes it; `OUT/train`, `OUT/validation` and `OUT/test` are datasets as
/// `SampleExport` writes them. Rate maps, not samples, are divided between the three.
package struct DatasetJob: Sendable {
  package enum Maps: Sendable {
    case files(RateMaps, StackComposition.Rasters)
    /// - Parameter sizePixels: of the simulated maps; `nil`: that of the samples.
    case preset(
      ScenePreset, count: Int?, sizePixels: Int?, pixelSizeMeters: Double?, inputs: SceneInputs,
      StackComposition.Rasters)
  }

  package let recipe: DrawnSettings<DatasetRecipe>
  /// Rows and columns of a sample.
  package let size: Int
  /// Samples of the whole dataset.
  package let count: Int
  let parts: DatasetParts
  let source: any SampleGroundSource
  private let maps: Maps
  private let rasters: SceneRasters

  /// - Parameter count: number of samples; `nil`: that of the recipe for each map.
  /// - Throws: `StackIOError.badJob` for a count below 1, and the errors of reading the first map.
  package init(maps: Maps, recipe: DrawnSettings<DatasetRecipe>, count: Int? = nil) throws {
    self.recipe = recipe
    self.maps = maps
    let typical = recipe.typical
    let set = typical.samples
    if let count, count < 1 {
      throw StackIOError.badJob(faults: ["\(count) samples were requested; give 1 or more"])
    }
    switch maps {
    case .files(let rates, let rasters):
      let composition = try StackComposition(
        rates: rates, configuration: typical.composition, rasters: rasters)
      source = FileMaps(composition)
      self.rasters = composition.rasters
      if let given = set.size {
        size = given
      } else {
        let first = try rates.load(0).raster
        size = min(first.width, first.height, 256)
      }
    case .preset(
      let preset, let mapCount, let sizePixels, let pixelSize, let inputs, let given):
      if let mapCount, mapCount < 1 {
        throw StackIOError.badJob(faults: ["\(mapCount) maps were requested; give 1 or more"])
      }
      rasters = try SceneRasters(given)
      size = set.size ?? min(sizePixels ?? 256, 256)
      let side = sizePixels ?? size
      let number =
        mapCount ?? count.map { ($0 - 1) / set.perMap + 1 } ?? Self.usualPresetMaps
      source = PresetMaps(
        preset: preset,
        grid: try SceneGrid(
          width: side, height: side,
          pixelSizeMeters: pixelSize ?? typical.composition.geometry.pixelSizeMeters
            ?? preset.pixelSizeMeters), seed: typical.composition.seed, inputs: inputs,
        count: number)
    }
    let (product, overflow) = source.count.multipliedReportingOverflow(by: set.perMap)
    guard count != nil || !overflow else {
      throw StackIOError.badJob(faults: ["samples.perMap is \(set.perMap); give a smaller number"])
    }
    self.count = count ?? product
    parts = DatasetParts(
      count: self.count, maps: source.count, validationFraction: set.validationFraction,
      testFraction: set.testFraction, seed: typical.composition.seed)
  }

  /// Simulated maps where nobody says how many.
  private static let usualPresetMaps = 100

  /// What a user may not expect, one sentence each.
  package var notes: [String] {
    var notes: [String] = []
    if case .files(let rates, let given) = maps { notes = rates.besides(given).notes }
    let set = recipe.typical.samples
    let wanted = [1, set.validationFraction, set.testFraction]
    for (name, fraction) in zip(DatasetParts.names, wanted)
    where fraction > 0 && !parts.parts.contains(where: { $0.name == name }) {
      notes.append(
        "there are no samples for \(name): \(count) of \(source.count) rate "
          + "map\(source.count == 1 ? "" : "s") cannot be divided so")
    }
    return notes
  }

  /// Writes what does not exist yet.
  ///
  /// - Parameters:
  ///   - shardBytes: the largest size of the arrays of one shard.
  ///   - progress: called with the number of finished samples of this process.
  /// - Returns: the number of samples of this process.
  /// - Throws: as `SampleExport.run`; `RunError.configuration`, `StackIOError`, `InSARPhaseError`, and
  ///   the errors of reading or simulating rate maps.
  @discardableResult
  package func run(
    output: String, format: SampleFormat, shard: JobShard = .whole, shardBytes: Int = 256 << 20,
    progress: (Int) -> Void = { _ in }
  ) throws -> Int {
    if let fault = format.fault { throw StackIOError.badJob(faults: [fault]) }
    let maker = maker()
    // A sample that cannot be made is found before there is a folder.
    let first = parts.place(0, in: parts.parts[0])
    _ = try maker.record(first.index, of: source.map(first.map))
    let folder = try ResumableFolder(output, isShared: shard != .whole)
    defer { withExtendedLifetime(folder) {} }
    try folder.begin(
      JobDescription(fileName: SampleExport.manifestName, content: try description(format)),
      remedy: "Give another folder, or delete it.")
    var before = 0
    for part in parts.parts {
      let parts = parts
      let samples = SamplesAhead(count: part.count, maker: maker, source: source) { position in
        let place = parts.place(position, in: part)
        return .init(index: place.index, map: place.map, part: part.name)
      }
      before += try SampleExport(
        format: format, output: "\(folder.path)/\(part.name)", count: part.count, jobShard: shard,
        shardBytes: shardBytes
      ).run(job: PartJob(part: part.name, mapCount: part.maps.count)) {
        try samples.record($0)
      } progress: {
        progress(before + $0)
      }
    }
    try LayerSheet.writeForDataset(
      "\(folder.path)/\(parts.parts[0].name)", to: "\(folder.path)/\(LayerSheet.fileName)")
    return before
  }

  func maker() -> SampleMaker {
    let recipe = recipe
    let seed = recipe.typical.composition.seed
    return SampleMaker(set: recipe.typical.samples, size: size, seed: seed, rasters: rasters) {
      let draw = try recipe.draw($0, seed: seed)
      return (draw.value.composition, draw.drawn)
    }
  }

  /// How long samples take that are made and not written.
  package struct Timing: Encodable, Sendable {
    package var samples: Int
    /// Wall-clock time and processor time of one sample, on all cores, without reading the rate maps.
    package var wallMilliseconds: Double
    package var processorMilliseconds: Double
    /// Processor time of drawing the settings of one sample.
    package var settingsMilliseconds: Double
  }

  /// Makes samples of the first rate maps and writes nothing.
  package func time() throws -> Timing {
    let recipe = recipe
    let seed = recipe.typical.composition.seed
    let maker = maker()
    let source = source
    let maps = try (0..<min(8, source.count)).map { try source.map($0) }
    // What all samples share is made once, before the clock starts.
    for index in 0..<8 { _ = try maker.record(index, of: maps[index % maps.count]) }
    let count = count
    func measured(_ body: (Int) throws -> Void) throws -> (wall: Double, processor: Double) {
      let (start, before) = (ContinuousClock.now, ProcessUsage.current().cpuSeconds)
      for result in Parallel.results(0..<count, body) { try result.get() }
      return (
        (ContinuousClock.now - start) / .milliseconds(1) / Double(count),
        (ProcessUsage.current().cpuSeconds - before) * 1000 / Double(count)
      )
    }
    let draws = try measured { _ = try recipe.draw($0, seed: seed) }
    let samples = try measured { _ = try maker.record($0, of: maps[$0 % maps.count]) }
    return Timing(
      samples: count, wallMilliseconds: samples.wall, processorMilliseconds: samples.processor,
      settingsMilliseconds: draws.processor)
  }

  private struct PartJob: Encodable {
    var part: String
    var mapCount: Int
    var settings = "../dataset.json"
  }
}

// MARK: - dataset.json
extension DatasetJob {
  private struct Description: Encodable {
    var formatVersion = 1
    var content = "samples for machine learning; " + StackDescription.signConvention
    var randomStreams = RandomStream.edition
    var format: SampleFormat
    var sampleCount: Int
    var size: Int
    var mapCount: Int
    var dividedBy = "rate map: all samples of a map are in one part"
    var parts: [Part]
    /// The largest errors of rounding to float16.
    var float16: [String: String]
    var maps: MapsDescription
    /// Distributions stand for the values that each sample has of its own.
    var recipe: ValueTree
  }

  private struct Part: Encodable {
    var name: String
    var folder: String
    var sampleCount: Int
    var mapCount: Int
    /// Of the maps.
    var fraction: Double
  }

  struct MapsDescription: Encodable {
    var preset: String?
    var grid: SceneGrid?
    var terrain: String?
    var training: [String: String]?
    var names: [String]?
    var rateReading: RateReading?
    /// SHA-256 of the rate maps, then of the given DEM, height error and coherence.
    var inputs: [String]?
  }

  private func description(_ format: SampleFormat) throws -> Data {
    var float16: [String: String] = [:]
    for name in recipe.typical.samples.float16 { float16[name.rawValue] = name.float16Error }
    let value = Description(
      format: format, sampleCount: count, size: size, mapCount: source.count,
      parts: parts.parts.map {
        Part(
          name: $0.name, folder: $0.name, sampleCount: $0.count, mapCount: $0.maps.count,
          fraction: Double($0.maps.count) / Double(source.count))
      }, float16: float16, maps: try mapsDescription(), recipe: recipe.given)
    return Data(try OrderedJSON.text(of: value).utf8)
  }

  func mapsDescription() throws -> MapsDescription {
    let further = try rasters.files.map { try SHA256.hex(ofFile: $0) }
    switch maps {
    case .files(let rates, let given):
      let files = rates.besides(given).entries.flatMap(\.files)
      return MapsDescription(
        names: rates.entries.map(\.name), rateReading: RateReading(rates.reader.options),
        inputs: try files.map { try SHA256.hex(ofFile: $0) } + further)
    case .preset(let preset, _, _, _, let inputs, _):
      return MapsDescription(
        preset: preset.name, grid: (source as? PresetMaps)?.grid, terrain: inputs.terrain.identity,
        training: inputs.training == nil ? nil : inputs.trainingIdentity, inputs: further)
    }
  }
}
