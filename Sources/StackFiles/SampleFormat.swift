/// File layouts for training programs.
public enum SampleFormat: String, Sendable, Codable, CaseIterable {
  /// `shard-000000.tar`: for each sample `<index>.<array>.npy` and `<index>.json`.
  case webdataset
  /// One Zarr v2 store: an array [samples, ...] for each name, a chunk for each sample.
  case zarr
  /// `shard-000000.h5`: a dataset [samples, ...] for each name, and `metadata`.
  case hdf5
  /// `shard-000000/`: `<array>.npy` [samples, ...] for each name, and `samples.json`.
  case npy

  public var isAvailable: Bool {
    #if GDAL
      true
    #else
      self != .hdf5
    #endif
  }

  /// Why this build cannot write the format; `nil` if it can.
  package var fault: String? {
    isAvailable ? nil : "this build cannot write \(rawValue); use webdataset, zarr or npy"
  }

  /// The file whose existence says that a shard of the dataset `folder` is finished.
  func mark(_ shard: Shard, in folder: String) -> String {
    switch self {
    case .webdataset: "\(folder)/\(shard.name).tar"
    case .zarr: "\(folder)/metadata/\(shard.number)"
    case .hdf5: "\(folder)/\(shard.name).h5"
    case .npy: "\(folder)/\(shard.name)/samples.json"
    }
  }

  func writer(folder: String, layout: SampleLayout, plan: ShardPlan) -> any ShardWriter {
    switch self {
    case .webdataset: return WebDatasetWriter(folder: folder)
    case .zarr: return ZarrWriter(store: folder, layout: layout, plan: plan)
    case .npy: return NpyShardWriter(folder: folder, layout: layout)
    case .hdf5:
      #if GDAL
        return HDF5ShardWriter(folder: folder, layout: layout)
      #else
        preconditionFailure("the job was checked for formats that this build cannot write")
      #endif
    }
  }
}

/// A range of samples that is written atomically.
struct Shard: Sendable, Equatable {
  var number: Int
  var indices: Range<Int>

  var name: String { "shard-\(number.zeroPadded(6))" }
}

/// The division of a job's samples into shards; it is the same for every process.
struct ShardPlan: Sendable, Equatable {
  var sampleCount: Int
  var samplesPerShard: Int

  var shardCount: Int { (sampleCount + samplesPerShard - 1) / samplesPerShard }

  func shard(_ number: Int) -> Shard {
    let start = number * samplesPerShard
    return Shard(number: number, indices: start..<min(start + samplesPerShard, sampleCount))
  }
}

/// Writes shards in one format.
protocol ShardWriter {
  /// Writes the shard; `sample` makes one sample and is called once for each index, in order.
  func write(_ shard: Shard, sample: (Int) throws -> SampleRecord) throws
  /// Creates the parts that are common to all shards.
  func prepare() throws
}

extension ShardWriter {
  func prepare() throws {}
}
