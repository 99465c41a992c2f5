import DurableFiles
import Foundation
import RasterIO

/// Reads samples of a dataset for machine learning that this program wrote, in any of its formats.
public struct SampleDataset: Sendable {
  public let path: String
  public let format: SampleFormat
  public let count: Int
  public let arrays: [SampleLayout.Entry]
  private let plan: ShardPlan

  /// The parts of `dataset.json` that reading needs.
  private struct Manifest: Decodable {
    var format: SampleFormat
    var sampleCount: Int
    var samplesPerShard: Int
    var arrays: [SampleLayout.Entry]
  }

  /// Whether `path` is a folder whose `dataset.json` describes samples.
  package static func isDataset(_ path: String) -> Bool {
    (try? manifest(path)) != nil
  }

  private static func manifest(_ path: String) throws -> Manifest {
    try JSONDecoder().decode(
      Manifest.self, from: InputFile.read("\(path)/\(SampleExport.manifestName)"))
  }

  /// - Throws: `RunError.cannotRead`, `StackIOError.badStack`.
  public init(_ path: String) throws {
    let manifest: Manifest
    do {
      manifest = try Self.manifest(path)
    } catch let error as DecodingError {
      throw Self.bad("\(path)/\(SampleExport.manifestName)", "\(error)")
    }
    guard manifest.sampleCount > 0, manifest.samplesPerShard > 0, !manifest.arrays.isEmpty else {
      throw Self.bad("\(path)/\(SampleExport.manifestName)", "it describes no samples")
    }
    for array in manifest.arrays
    where !SampleLayout.isArrayName(array.name)
      || array.shape.contains(where: { !(1...1 << 20).contains($0) })
    {
      throw Self.bad(
        "\(path)/\(SampleExport.manifestName)", "an array is named '\(array.name)' \(array.shape)")
    }
    self.path = path
    format = manifest.format
    count = manifest.sampleCount
    arrays = manifest.arrays
    plan = ShardPlan(
      sampleCount: manifest.sampleCount, samplesPerShard: manifest.samplesPerShard)
  }

  /// The samples of the first shards, as far as they are finished.
  package var finishedCount: Int {
    var count = 0
    for number in 0..<plan.shardCount {
      let shard = plan.shard(number)
      guard FileSystem.exists(mark(shard)) else { break }
      count = shard.indices.upperBound
    }
    return count
  }

  private func mark(_ shard: Shard) -> String { format.mark(shard, in: path) }

  /// The values of all arrays of sample `index` in the order of `arrays`, and the JSON text about it
  /// (empty for HDF5, and without `withMetadata`: in some formats the texts of a whole shard are read).
  /// - Throws: `StackIOError.badStack` for a missing or damaged shard, `RasterError`,
  ///   `RunError.cannotRead`.
  public func sample(_ index: Int, withMetadata: Bool = true) throws
    -> (arrays: [NpyArray], metadata: String)
  {
    guard (0..<count).contains(index) else {
      throw Self.bad(path, "there is no sample \(index): it has \(count), counted from 0")
    }
    let shard = plan.shard(index / plan.samplesPerShard)
    let place = index - shard.indices.lowerBound
    guard FileSystem.exists(mark(shard)) else {
      throw Self.bad(path, "\(shard.name), which holds sample \(index), is not there")
    }
    let values: [NpyArray]
    let metadata: String
    switch format {
    case .npy:
      values = try arrays.map { array in
        let file = "\(path)/\(shard.name)/\(array.name).npy"
        let reader = try NpyReader(file)
        guard reader.shape == [shard.indices.count] + array.shape else {
          throw Self.bad(file, "its shape is \(reader.shape)")
        }
        return try reader.readItem(place)
      }
      let list =
        try withMetadata
        ? JSONSerialization.jsonObject(with: InputFile.read(mark(shard))) as? [Any] : nil
      metadata = list.flatMap { $0.indices.contains(place) ? Self.text($0[place]) : nil } ?? ""
    case .zarr:
      values = try arrays.map { try ZarrChunk.read(store: path, $0, sample: index) }
      metadata = try withMetadata ? ZarrChunk.texts(mark(shard))[safe: place] ?? "" : ""
    case .webdataset:
      let key = index.zeroPadded(8)
      let members = try TarReader(mark(shard)).members { $0.hasPrefix(key + ".") }
      values = try arrays.map { array in
        guard let part = members["\(key).\(array.name).npy"] else {
          throw Self.bad(mark(shard), "it has no member \(key).\(array.name).npy")
        }
        let reader = try NpyReader(mark(shard), part: part)
        return NpyArray(shape: reader.shape, values: try reader.read(0..<reader.count))
      }
      let text = try members["\(key).json"].map { try TarReader(mark(shard)).bytes($0) }
      metadata = text.map { String(decoding: $0, as: UTF8.self) } ?? ""
    case .hdf5:
      values = try arrays.map { array in
        guard array.shape.count == 2 else {
          return NpyArray(shape: [0], values: [])
        }
        let scene = try RasterReader.read(
          mark(shard), options: RasterReadOptions(dataset: array.name, band: place + 1, noData: []))
        return NpyArray(
          shape: [scene.raster.height, scene.raster.width], values: scene.raster.values)
      }
      metadata = ""
    }
    for (array, value) in zip(arrays, values)
    where array.shape != value.shape && value.shape != [0] {
      throw Self.bad(
        path, "\(array.name) of sample \(index) has the shape \(value.shape), not \(array.shape)")
    }
    return (values, metadata)
  }

  /// The JSON texts about the samples of the shard that holds sample `index`, and the number of the
  /// first: for what is needed of many samples, since some formats read a shard's texts at once.
  /// - Throws: as `sample`; `StackIOError.badStack` for HDF5, which holds no texts.
  package func metadata(ofShardWith index: Int) throws -> (first: Int, texts: [String]) {
    let shard = plan.shard(index / plan.samplesPerShard)
    let texts: [String]
    switch format {
    case .npy:
      let list = try JSONSerialization.jsonObject(with: InputFile.read(mark(shard))) as? [Any]
      texts = (list ?? []).map { Self.text($0) ?? "" }
    case .zarr: texts = try ZarrChunk.texts(mark(shard))
    case .webdataset:
      let reader = try TarReader(mark(shard))
      let members = try reader.members { $0.hasSuffix(".json") }
      texts = shard.indices.map { number in
        members["\(number.zeroPadded(8)).json"].map {
          String(decoding: reader.bytes($0), as: UTF8.self)
        } ?? ""
      }
    case .hdf5: throw Self.bad(path, "HDF5 holds no texts about samples")
    }
    guard texts.count == shard.indices.count else {
      throw Self.bad(
        mark(shard), "it describes \(texts.count) samples, not \(shard.indices.count)")
    }
    return (shard.indices.lowerBound, texts)
  }

  private static func text(_ object: Any) -> String? {
    (try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  static func bad(_ path: String, _ reason: String) -> StackIOError {
    .badStack(
      path: path, reason: reason, remedy: "Give a complete dataset that this program wrote.")
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
