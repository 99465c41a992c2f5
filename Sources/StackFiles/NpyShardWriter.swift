import DurableFiles
import Foundation
import RasterIO

/// Writes one folder per shard: one `.npy` [samples, ...] for each array, which NumPy can
/// memory-map, and `samples.json`, a list with the metadata of each sample.
struct NpyShardWriter: ShardWriter {
  let folder: String
  let layout: SampleLayout

  private func path(_ shard: Shard) -> String { "\(folder)/\(shard.name)" }

  func write(_ shard: Shard, sample: (Int) throws -> SampleRecord) throws {
    try AtomicFolder.write(to: path(shard)) { temporary in
      let files = try layout.arrays.map { array in
        let name = "\(array.name).npy"
        let file = try FileWriter(
          path: "\(temporary)/\(name)", named: "\(path(shard))/\(name)")
        try file.write(
          NpyArray.header(
            shape: [shard.indices.count] + array.shape, isHalf: array.type == .float16))
        return file
      }
      var metadata: [String] = []
      for index in shard.indices {
        let record = try sample(index)
        for (file, array) in zip(files, record.arrays) {
          try file.write(array.bytes)
        }
        metadata.append(record.metadata)
      }
      let list = "[\n" + metadata.joined(separator: ",\n") + "\n]\n"
      try AtomicFile.write(Data(list.utf8), to: "\(temporary)/samples.json")
    }
  }
}

extension FileWriter {
  func write(_ data: Data) throws { try data.withUnsafeBytes { try write($0) } }
}
