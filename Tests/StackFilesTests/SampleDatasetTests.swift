import Foundation
import RasterIO
import TestSupport
import Testing

@testable import StackFiles

/// What was written comes back, and what is damaged is refused.
struct SampleDatasetTests {
  private struct Job: Encodable { var seed = 7 }
  private static let formats = SampleFormat.allCases.filter(\.isAvailable)

  private func write(_ format: SampleFormat, _ output: String) throws {
    try SampleExport(format: format, output: output, count: 5, shardBytes: 125)
      .run(job: Job(), sample: sample)
  }

  @Test(arguments: formats) func samplesComeBack(format: SampleFormat) throws {
    let folder = try TemporaryFolder()
    try write(format, folder.file("out"))
    let dataset = try SampleDataset(folder.file("out"))
    #expect(dataset.count == 5 && dataset.finishedCount == 5)
    for index in [0, 1, 4] {
      let expected = try sample(index)
      let found = try dataset.sample(index)
      for (array, value) in zip(expected.arrays, found.arrays)
      where format != .hdf5 || array.array.shape.count == 2 {
        #expect(value.shape == array.array.shape)
        #expect(sameBits(value.values, array.array.values), "\(array.name)")
      }
      guard format != .hdf5 else { continue }
      let (a, b) = (
        try JSONSerialization.jsonObject(with: Data(found.metadata.utf8)) as? NSDictionary,
        try JSONSerialization.jsonObject(with: Data(expected.metadata.utf8)) as? NSDictionary
      )
      #expect(a == b && a != nil)
    }
    #expect(throws: StackIOError.self) { try dataset.sample(5) }
    #expect(throws: StackIOError.self) { try dataset.sample(-1) }
  }

  @Test(arguments: formats) func missingAndTruncatedShardsAreNamed(format: SampleFormat) throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    try write(format, output)
    let dataset = try SampleDataset(output)
    let files = FileManager.default.enumerator(atPath: output)?.compactMap { $0 as? String } ?? []
    for name in files where !name.contains("json") && !name.hasPrefix(".") {
      let path = "\(output)/\(name)"
      guard let data = FileManager.default.contents(atPath: path), data.count > 8 else { continue }
      try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: path))
    }
    #expect(throws: (any Error).self) { try dataset.sample(0) }
    try FileManager.default.removeItem(
      atPath: format == .zarr
        ? "\(output)/metadata/0"
        : "\(output)/shard-000000" + (["webdataset": ".tar", "hdf5": ".h5"][format.rawValue] ?? ""))
    #expect(dataset.finishedCount == 0)
    let text = message { _ = try dataset.sample(0) }
    #expect(text.contains("shard-000000"), "\(text)")
  }

  @Test func hostileManifestsAreRefused() throws {
    let folder = try TemporaryFolder()
    for text in [
      "{}", "[", #"{"format":"npy","sampleCount":0,"samplesPerShard":1,"arrays":[]}"#,
      #"{"format":"npy","sampleCount":1,"samplesPerShard":1,"arrays":[{"name":"../x","unit":"1","meaning":"","shape":[2,2]}]}"#,
      #"{"format":"npy","sampleCount":1,"samplesPerShard":1,"arrays":[{"name":"x","unit":"1","meaning":"","shape":[-2,2]}]}"#,
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("dataset.json")))
      #expect(throws: (any Error).self, "\(text)") { try SampleDataset(folder.path) }
    }
  }
}
