import DurableFiles
import Foundation

/// Writes tar archives for the `webdataset` package or any tar reader.
///
/// The members of a sample are adjacent and have the same key before the first dot:
/// `00000042.rate.npy`, `00000042.json`.
struct WebDatasetWriter: ShardWriter {
  let folder: String

  func write(_ shard: Shard, sample: (Int) throws -> SampleRecord) throws {
    let path = SampleFormat.webdataset.mark(shard, in: folder)
    try AtomicFile.write(to: path) { temporary in
      let archive = try TarArchive(path: temporary, named: path)
      for index in shard.indices {
        let record = try sample(index)
        let key = index.zeroPadded(8)
        for array in record.arrays {
          try archive.add(array.npy, named: "\(key).\(array.name).npy")
        }
        try archive.add(Data(record.metadata.utf8), named: "\(key).json")
      }
      try archive.finish()
    }
  }
}
