import Foundation
import RasterIO
import RunSupport
import TestSupport
import Testing

@testable import StackFiles

struct SampleExportTests {
  private struct Job: Encodable { var seed = 7 }
  private struct Stop: Error {}

  /// 60 bytes a sample: shards of two samples.
  private func export(
    _ format: SampleFormat, _ output: String, count: Int = 5, shard: JobShard = .whole
  ) -> SampleExport {
    SampleExport(format: format, output: output, count: count, jobShard: shard, shardBytes: 125)
  }

  private static let formats = SampleFormat.allCases.filter(\.isAvailable)

  @Test(arguments: formats) func sharesAndRestartsGiveTheSameBytes(format: SampleFormat) throws {
    let folder = try TemporaryFolder()
    try export(format, folder.file("whole")).run(job: Job(), sample: sample)
    let whole = try tree(folder.file("whole"))

    for shard in ["1/2", "0/2"] {
      try export(format, folder.file("shared"), shard: .init(parsing: shard, environment: [:]))
        .run(job: Job(), sample: sample)
    }
    #expect(try tree(folder.file("shared")) == whole)

    // Stopped within the second shard; the first one is not made again.
    let broken = folder.file("broken")
    #expect(throws: Stop.self) {
      try export(format, broken).run(job: Job()) { index in
        if index == 3 { throw Stop() }
        return try sample(index)
      }
    }
    var made: [Int] = []
    try export(format, broken).run(job: Job()) { index in
      made.append(index)
      return try sample(index)
    }
    #expect(made == [0, 2, 3, 4])  // sample 0 tells the layout
    #expect(try tree(broken) == whole)
  }

  @Test(arguments: formats) func leftoversOfAKilledProcessGo(format: SampleFormat) throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    try export(format, output, count: 2).run(job: Job(), sample: sample)
    let whole = try tree(output)
    for name in whole.keys where name.contains("shard-") || name.hasPrefix("metadata/0") {
      try FileManager.default.removeItem(atPath: "\(output)/\(name)")
    }
    let suffix = ["webdataset": ".tar", "hdf5": ".h5"][format.rawValue] ?? ""
    let leftover = "\(output)/shard-000000\(suffix).part-99-1"
    if format == .npy {
      try FileManager.default.createDirectory(atPath: leftover, withIntermediateDirectories: true)
      try? FileManager.default.removeItem(atPath: "\(output)/shard-000000")
    } else if format != .zarr {
      try Data("half".utf8).write(to: URL(fileURLWithPath: leftover))
    }
    try export(format, output, count: 2).run(job: Job(), sample: sample)
    #expect(try tree(output) == whole)
    #expect(!FileManager.default.fileExists(atPath: leftover))
  }

  @Test func anotherJobOrOtherFilesAreLeftAlone() throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    try export(.webdataset, output).run(job: Job(), sample: sample)
    let before = try tree(output)
    #expect {
      try export(.webdataset, output).run(job: Job(seed: 8), sample: sample)
    } throws: { "\($0)".contains("another job (job.seed 7 instead of 8)") }
    #expect(try tree(output) == before)

    let mine = folder.file("mine")
    try FileManager.default.createDirectory(atPath: mine, withIntermediateDirectories: true)
    try Data("precious".utf8).write(to: URL(fileURLWithPath: "\(mine)/notes.txt"))
    #expect {
      try export(.zarr, mine).run(job: Job(), sample: sample)
    } throws: { "\($0)".contains("notes.txt") }
    #expect(try tree(mine) == ["notes.txt": Data("precious".utf8)])
  }

  @Test func samplesOfAnotherShapeAreRefusedAndNoShardIsWritten() throws {
    let folder = try TemporaryFolder()
    let output = folder.file("out")
    #expect {
      try export(.webdataset, output).run(job: Job()) { index in
        let record = try sample(index)
        return index == 1
          ? try SampleRecord(arrays: Array(record.arrays.dropLast()), metadata: [0]) : record
      }
    } throws: { "\($0)".contains("sample 1 has rate [3, 4]") }
    #expect(try tree(output).keys.sorted() == ["dataset.json"])
  }

  @Test func wrongJobsNameAllFaults() throws {
    #expect {
      try SampleExport(format: .zarr, output: "/nowhere/x", count: 0, shardBytes: 0)
        .run(job: Job(), sample: sample)
    } throws: { "\($0)".contains("0 samples") && "\($0)".contains("shard size is 0 bytes") }
    for name in ["", "a b", "1a", "a/b", "é"] {
      #expect(throws: StackIOError.self, "\(name)") {
        try SampleLayout(
          SampleRecord(
            arrays: [
              SampleArray(
                name: name, unit: "", meaning: "", array: NpyArray(shape: [1], values: [0]))
            ], metadata: [0]))
      }
    }
  }

  @Test func anUnwritableFolderIsAClearError() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("file")
    try Data("x".utf8).write(to: URL(fileURLWithPath: file))
    #expect {
      try export(.webdataset, "\(file)/out").run(job: Job(), sample: sample)
    } throws: { "\($0)".contains("cannot write") && "\($0)".contains("file/out") }
  }
}
