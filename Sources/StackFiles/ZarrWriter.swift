import DurableFiles
import Foundation

/// One Zarr v2 store: an uncompressed array [samples, ...] of float32 or float16 for each name, a chunk for each
/// sample, and `metadata`, the JSON text of each sample.
///
/// A chunk of `metadata` covers one shard of the job and is written last: where it is there, the
/// shard is finished. Source: Zarr storage specification, version 2; the dimension names are those
/// that xarray looks for.
struct ZarrWriter: ShardWriter {
  let store: String
  let layout: SampleLayout
  let plan: ShardPlan

  func write(_ shard: Shard, sample: (Int) throws -> SampleRecord) throws {
    var metadata: [String] = []
    for index in shard.indices {
      let record = try sample(index)
      for array in record.arrays {
        let key = ([index] + array.array.shape.map { _ in 0 }).map(String.init)
        try writeChunk(array.bytes, to: "\(store)/\(array.name)/\(key.joined(separator: "."))")
      }
      metadata.append(record.metadata)
    }
    sync()  // brings all chunks to the disk before their mark, at one stroke
    try AtomicFile.write(textChunk(metadata), to: SampleFormat.zarr.mark(shard, in: store))
  }

  /// Makes the arrays' folders and the descriptions, which are the same for every process.
  func prepare() throws {
    var all: [String: Any] = [:]
    func describe(_ key: String, _ object: [String: Any]) throws {
      all[key] = object
      try AtomicFile.write(Self.json(object), to: "\(store)/\(key)")
    }
    for name in layout.arrays.map(\.name) + ["metadata"] {
      try AtomicFolder.makeFolders("\(store)/\(name)")
    }
    try describe(".zgroup", ["zarr_format": 2])
    try describe(".zattrs", [:])
    for array in layout.arrays {
      try describe(
        "\(array.name)/.zarray",
        Self.array(
          shape: [plan.sampleCount] + array.shape, chunks: [1] + array.shape,
          type: "<f\(array.byteCount)",
          fill: "NaN", filters: NSNull()))
      try describe(
        "\(array.name)/.zattrs",
        [
          "units": array.unit, "long_name": array.meaning,
          "_ARRAY_DIMENSIONS": ["sample"] + Self.dimensions(array),
        ])
    }
    try describe(
      "metadata/.zarray",
      Self.array(
        shape: [plan.sampleCount], chunks: [plan.samplesPerShard], type: "|O", fill: "",
        filters: [["id": "vlen-utf8"]]))
    try describe(
      "metadata/.zattrs",
      ["long_name": "JSON object about the sample", "_ARRAY_DIMENSIONS": ["sample"]])
    try AtomicFile.write(
      Self.json(["zarr_consolidated_format": 1, "metadata": all]), to: "\(store)/.zmetadata")
  }

  /// Rasters share their dimensions; other shapes have their own.
  private static func dimensions(_ array: SampleLayout.Entry) -> [String] {
    array.shape.count == 2 ? ["row", "column"] : array.shape.indices.map { "\(array.name)_\($0)" }
  }

  private static func array(
    shape: [Int], chunks: [Int], type: String, fill: Any, filters: Any
  ) -> [String: Any] {
    [
      "zarr_format": 2, "shape": shape, "chunks": chunks, "dtype": type, "compressor": NSNull(),
      "fill_value": fill, "order": "C", "filters": filters, "dimension_separator": ".",
    ]
  }

  private static func json(_ object: [String: Any]) throws -> Data {
    try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  /// Not atomic: readers rely on the chunks of a shard only after its marker file exists.
  private func writeChunk(_ data: Data, to path: String) throws {
    FileSystem.remove(path)
    let file = try FileWriter(path: path)
    try file.write(data)
  }

  /// Texts as the `vlen-utf8` filter encodes them; the last chunk is filled up with empty ones.
  private func textChunk(_ texts: [String]) -> Data {
    var data = Data()
    func append(_ number: Int) {
      withUnsafeBytes(of: UInt32(number).littleEndian) { data.append(contentsOf: $0) }
    }
    append(plan.samplesPerShard)
    for index in 0..<plan.samplesPerShard {
      let bytes = Data((index < texts.count ? texts[index] : "").utf8)
      append(bytes.count)
      data.append(bytes)
    }
    return data
  }
}
