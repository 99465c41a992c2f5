import Foundation
import RasterIO
import TestSupport
import Testing

@testable import GANSampling

@Suite struct SampleStreamTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func job(_ model: String, count: Int = 5) -> SampleGeneration {
    var job = SampleGeneration(
      model: model, output: folder.file("maps"), count: count, seed: 4, formats: [.npy])
    job.batchSize = 2
    job.device = .cpu
    return job
  }

  /// The array that a stream is, read as NumPy reads a file.
  private func array(_ job: SampleGeneration, done: (Int) -> Void = { _ in }) throws -> NpyArray {
    var data = Data()
    try job.stream(to: { data.append(contentsOf: $0) }, progress: done)
    let file = folder.file("stream.npy")
    try data.write(to: URL(fileURLWithPath: file))
    return try NpyArray.read(file)
  }

  @Test func aStreamIsTheFilesOfTheSameJobInOneArray() throws {
    let job = job(try writeFixedSizeModel(in: folder))
    var done: [Int] = []
    let stream = try array(job) { done.append($0) }
    #expect(done == [2, 4, 5] && stream.shape == [5, 64, 64])
    try job.run { _ in }
    let files = try (0..<5).flatMap {
      try NpyArray.read(folder.file("maps/sample-0000000\($0).npy")).values
    }
    #expect(stream.values == files)
  }

  @Test func rowsComeBeforeColumns() throws {
    var job = job(try writeFieldModel(in: folder), count: 1)
    job.size = MapSize(width: 40, height: 24)
    job.first = 3
    #expect(try array(job).shape == [1, 24, 40])
    #expect(!FileManager.default.fileExists(atPath: job.output))
  }

  @Test func aReaderThatIsGoneEndsTheDrawing() throws {
    struct Gone: Error {}
    var calls = 0
    #expect(throws: Gone.self) {
      try job(try writeFixedSizeModel(in: folder), count: 1_000_000).stream { _ in
        calls += 1
        if calls == 4 { throw Gone() }
      }
    }
    #expect(calls == 4)
  }

  @Test(arguments: [[RasterFormat.npy, .png], []])
  func otherFormatsAreRefused(formats: [RasterFormat]) throws {
    var job = job(try writeFixedSizeModel(in: folder))
    job.formats = formats
    #expect(throws: SamplingError.self) { try job.stream { _ in } }
  }

  @Test func whatOnlyAFolderHoldsIsRefused() throws {
    let model = try writeFieldModel(in: folder)
    var like = job(model)
    like.like = "scene.tif"
    var large = job(model)
    large.size = MapSize(width: 3000, height: 3000)
    for job in [like, large] {
      let error = #expect(throws: SamplingError.self) {
        try job.stream { _ in Issue.record("nothing is written") }
      }
      #expect("\(error as Any)".contains("a folder for them"))
    }
  }
}
