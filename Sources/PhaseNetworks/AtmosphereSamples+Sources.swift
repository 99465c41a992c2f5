import DurableFiles
import Foundation
import Jobs
import Kernel
import RasterIO
import Rasters
import StackFiles
import Synchronization

/// Where the sets come from.
extension AtmosphereSamples {
  /// The arrays that a sample must have; its atmosphere is the sum of the two delays.
  private static let arrays: [SampleArrayName] = [
    .deformation, .turbulence, .stratification, .valid,
  ]

  /// What must hold of a recipe.
  package static var recipeSets: [String] { NetworkRecipe.sets(arrays) }

  /// A part of a dataset that `ganinsar dataset` wrote, or a folder of samples by itself.
  /// - Throws: `PhaseNetworkError.samples` for a dataset without the arrays that are needed or with
  ///   fewer than two samples, and the errors of `SampleDataset`.
  package init(dataset path: String, part: String) throws {
    let source = try NetworkDataset(
      path, part: part, arrays: Self.arrays, recipe: "atmosphere",
      hdf5: "samples in HDF5 do not state their sensor")
    let count = source.dataset.count
    guard count >= 2 else {
      throw source.failure(
        "it has one sample, and one of the two sets would be empty", "Write more samples.")
    }
    let wavelengths = SampleWavelengths(source.dataset)
    self.init(size: source.size, identity: source.identity, count: count) { number in
      let place = number % count
      guard
        let sample = AtmosphereSample(
          try source.sample(place), wavelengthMeters: try wavelengths[place])
      else {
        throw source.failure(
          "sample \(place) is not square or does not state its wavelength",
          "Write the dataset again.")
      }
      return sample
    }
  }

  /// Samples composed from a recipe when they are needed.
  /// - Returns: `nil` if no rate map is left for the part.
  package init?(_ job: DatasetJob, part: String) throws {
    guard let recipe = try NetworkRecipe(job, part: part) else { return nil }
    self.init(size: recipe.size, identity: recipe.identity) { number in
      try recipe.sample(number) { values, metadata in
        AtmosphereSample(values, wavelengthMeters: SampleWavelengths.wavelength(metadata))
      }
    }
  }

  /// Windows of measured maps, drawn at random: of those with atmosphere and of those without.
  ///
  /// - Parameters:
  ///   - size: of the windows in pixels.
  ///   - notes: called with what a user may not expect.
  /// - Throws: `PhaseNetworkError.samples` for an empty set, maps that are smaller than a window, or sets
  ///   of which one holds rates and the other displacements; as `UnwrappedMap`.
  package init(
    with: [String], without: [String], size: Int, seed: UInt64,
    options: RasterReadOptions = .init(), wavelengthMeters: Double? = nil,
    notes: (String) -> Void = { _ in }
  ) throws {
    let sets = try [("with", with), ("without", without)].map { name, paths in
      try MeasuredMaps(
        paths, name: name, size: size, options: options, wavelengthMeters: wavelengthMeters,
        notes: notes)
    }
    guard sets[0].isRate == sets[1].isRate else {
      func words(_ set: MeasuredMaps) -> String { set.isRate ? "rates" : "displacements or phases" }
      throw PhaseNetworkError.samples(
        path: without[0],
        reason: "the maps without atmosphere are \(words(sets[1])), and those with it are "
          + words(sets[0]),
        remedy: "Give both sets in one quantity.")
    }
    func windows(_ set: MeasuredMaps, _ number: UInt64) -> Map {
      { try set.window($0, size: size, seed: seed, set: number) }
    }
    self.init(
      size: size,
      identity: "maps \(sets[0].identity) \(sets[1].identity) \(size) \(seed)",
      withCount: nil, with: windows(sets[0], 0), withoutCount: nil, without: windows(sets[1], 1))
  }
}

/// The wavelengths of a dataset's samples, read a shard at a time and kept.
private final class SampleWavelengths: Sendable {
  private let dataset: SampleDataset
  private let known = Mutex<[Int: Double?]>([:])

  init(_ dataset: SampleDataset) { self.dataset = dataset }

  /// In m; `nil` where a sample does not state it.
  subscript(_ number: Int) -> Double? {
    get throws {
      if let value = known.withLock({ $0[number] }) { return value }
      let (first, texts) = try dataset.metadata(ofShardWith: number)
      known.withLock { known in
        for (place, text) in texts.enumerated() {
          known[first + place] = .some(Self.wavelength(text))
        }
      }
      return Self.wavelength(texts[number - first])
    }
  }

  static func wavelength(_ metadata: String) -> Double? {
    struct Facts: Decodable {
      struct Radar: Decodable { var wavelengthMeters: Double }
      var radar: Radar
    }
    return (try? JSONDecoder().decode(Facts.self, from: Data(metadata.utf8)))?.radar
      .wavelengthMeters
  }
}

extension AtmosphereSample {
  /// - Parameter arrays: phases in rad by name, [size x size], and `valid`.
  /// - Returns: `nil` unless all are there and square, and the wavelength is known.
  init?(_ arrays: [String: [Float]], wavelengthMeters: Double?) {
    guard let wavelengthMeters,
      let deformation = arrays["deformation"], let turbulence = arrays["turbulence"],
      let stratification = arrays["stratification"], let valid = arrays["valid"]
    else { return nil }
    size = Int(Double(deformation.count).squareRoot())
    guard size * size == deformation.count,
      [turbulence, stratification, valid].allSatisfy({ $0.count == deformation.count })
    else { return nil }
    // Motion toward the satellite lowers the phase.
    let factor = Float(-100 * wavelengthMeters / (4 * Double.pi))
    deformationCM = deformation.indices.map { valid[$0] > 0.5 ? deformation[$0] * factor : .nan }
    atmosphereCM = deformation.indices.map {
      valid[$0] > 0.5 ? (turbulence[$0] + stratification[$0]) * factor : .nan
    }
  }
}

/// Measured maps of one set, in memory.
private struct MeasuredMaps: Sendable {
  private struct Plane: Sendable {
    var width: Int
    var height: Int
    var centimeters: [Float]
  }
  private let planes: [Plane]
  let isRate: Bool
  let identity: String

  init(
    _ paths: [String], name: String, size: Int, options: RasterReadOptions,
    wavelengthMeters: Double?, notes: (String) -> Void
  ) throws {
    let files = try paths.flatMap { try Self.files($0) }
    func fail(_ path: String, _ reason: String, _ remedy: String) -> PhaseNetworkError {
      .samples(path: path, reason: reason, remedy: remedy)
    }
    guard !files.isEmpty else {
      throw fail(
        paths.first ?? "the command", "there is no map \(name) atmosphere",
        "Give maps of unwrapped phase, displacement or rate, or a folder of them.")
    }
    let maps = try files.map { path in
      let map = try UnwrappedMap(path, options: options, wavelengthMeters: wavelengthMeters)
      guard map.raster.width >= size, map.raster.height >= size else {
        throw fail(
          path,
          "it has \(map.raster.height) x \(map.raster.width) pixels (rows x columns), fewer than "
            + "samples of \(size) x \(size)",
          "Leave it out, or give \(OptionName.size("64")).")
      }
      return map
    }
    let kinds = Set(maps.map { $0.raster.unit?.kind == .rate })
    guard kinds.count == 1 else {
      throw fail(
        paths[0], "some of the maps \(name) atmosphere are rates and some are not",
        "Give maps of one quantity.")
    }
    isRate = kinds.contains(true)
    if isRate { notes("rates are taken as the displacements of a year") }
    planes = maps.map {
      Plane(width: $0.raster.width, height: $0.raster.height, centimeters: $0.centimeters)
    }
    let facts = try zip(files, maps).map {
      "\(try SHA256.hex(ofFile: $0)) \($1.centimetersPerUnit)"
    }
    identity = SHA256.hex(of: Data(facts.joined(separator: "\n").utf8))
  }

  private static func files(_ path: String) throws -> [String] {
    guard FileSystem.isFolder(path) else { return [path] }
    let folder = FilePath.trimmed(path)
    let endings = ["tif", "tiff", "npy", "h5", "grd", "unw"]
    return try FileSystem.names(in: folder).sorted().filter {
      !$0.hasPrefix(".") && endings.contains(FilePath.fileExtension($0).lowercased())
    }.map { "\(folder)/\($0)" }
  }

  /// A window that is mostly data, where there is one.
  func window(_ number: Int, size: Int, seed: UInt64, set: UInt64) throws -> [Float] {
    let plane = planes[number % planes.count]
    var random = CounterRandom(seed, .atmosphereWindows, UInt64(number), set)
    var best: (values: [Float], count: Int) = ([], -1)
    for _ in 0..<20 {
      let row = random.integer(in: 0...plane.height - size)
      let column = random.integer(in: 0...plane.width - size)
      let values = (row..<row + size).flatMap { y -> ArraySlice<Float> in
        let start = y * plane.width + column
        return plane.centimeters[start..<start + size]
      }
      let count = values.count { $0.isFinite }
      if count > best.count { best = (values, count) }
      if Double(count) >= 0.9 * Double(size * size) { break }
    }
    return best.values
  }
}
