import DurableFiles

#if GDAL
  import Foundation
  import RasterIO
  import DurableFiles

  /// Writes one HDF5 file per shard: a float32 dataset [samples, ...] for each array, with
  /// attributes `unit` and `meaning`, and `metadata`, the JSON text of each sample.
  struct HDF5ShardWriter: ShardWriter {
    let folder: String
    let layout: SampleLayout

    func write(_ shard: Shard, sample: (Int) throws -> SampleRecord) throws {
      let file = HDF5Layout(
        attributes: ["first_sample": "\(shard.indices.lowerBound)"],
        datasets: layout.arrays.map { array in
          .init(
            name: array.name, shape: [shard.indices.count] + array.shape,
            content: .streamedFloats,
            attributes: ["unit": array.unit, "meaning": array.meaning])
        })
      let path = SampleFormat.hdf5.mark(shard, in: folder)
      try AtomicFile.write(to: path) { temporary in
        let writer = try HDF5FileWriter(path: temporary, named: path, layout: file)
        var metadata: [String] = []
        for (position, index) in shard.indices.enumerated() {
          let record = try sample(index)
          for array in record.arrays {
            let values = array.array.values
            try writer.write(values, to: array.name, at: position * values.count)
          }
          metadata.append(record.metadata)
        }
        try writer.add(texts: metadata, named: "metadata")
      }
    }
  }
#endif
