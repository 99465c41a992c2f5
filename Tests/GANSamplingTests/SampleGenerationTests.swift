import Foundation
import RasterIO
import TestSupport
import Testing

@testable import GANSampling

@Suite struct SampleGenerationTests {
  private let folder: TemporaryFolder
  private let model: String
  init() throws {
    folder = try TemporaryFolder()
    model = try writeFixedSizeModel(in: folder)
  }

  private func job(_ output: String, count: Int = 5) -> SampleGeneration {
    var job = SampleGeneration(
      model: model, output: folder.file(output), count: count, seed: 4, formats: [.npy])
    job.batchSize = 2
    job.device = .cpu
    return job
  }

  private func names(_ output: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file(output))
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  private func map(_ output: String, _ index: Int) throws -> [Float] {
    try NpyArray.read(folder.file("\(output)/sample-0000000\(index).npy")).values
  }

  private func differ(_ a: [Float], _ b: [Float]) -> Bool {
    zip(a, b).contains { abs($0 - $1) > 1e-4 * max(1, abs($1)) }
  }

  @Test func mapsComeInOrderAndTheManifestSaysWhatTheyAre() throws {
    var done: [Int] = []
    try job("maps").run { done.append($0) }
    #expect(done == [2, 4, 5])
    #expect(
      try names("maps") == ["contact-sheet.png", "manifest.json"]
        + (0..<5).map { "sample-0000000\($0).npy" })
    let manifest = try #require(SampleManifest.read(folder.file("maps")))
    #expect(manifest.isComplete && manifest.count == 5 && manifest.seed == 4)
    #expect(manifest.trainedOn == ["etna"] && manifest.sizePixels == 64)
    let expected = try RateMapModel(contentsOf: model).maps(0..<5, seed: 4)
    for index in 0..<5 { #expect(!differ(try map("maps", index), expected[index])) }
  }

  @Test func aShardHoldsTheMapsOfItsIndices() throws {
    try job("whole").run { _ in }
    var shard = job("shard", count: 2)
    shard.first = 2
    try shard.run { _ in }
    #expect(try names("shard").contains("sample-00000003.npy"))
    #expect(try !names("shard").contains("sample-00000004.npy"))
    // Batches begin at even indices in both, so that not even rounding differs.
    for index in [2, 3] { #expect(try map("shard", index) == map("whole", index)) }
  }

  @Test func aStoppedJobContinuesAndKeepsWhatIsThere() throws {
    let whole = job("whole")
    try whole.run { _ in }
    let output = folder.file("whole")
    // As a kill leaves it: the manifest says that maps are missing.
    var manifest = try #require(SampleManifest.read(output))
    manifest.isComplete = false
    try JSONEncoder().encode(manifest).write(
      to: URL(fileURLWithPath: "\(output)/manifest.json"))
    let kept = try map("whole", 1)
    let lost = try map("whole", 4)
    try FileManager.default.removeItem(atPath: "\(output)/sample-00000004.npy")
    // A map that is there is not written again: this one would differ.
    try NpyArray(shape: [64, 64], values: .init(repeating: 7, count: 4096)).write(
      to: "\(output)/sample-00000002.npy")
    try whole.run { _ in }
    #expect(try map("whole", 4) == lost && map("whole", 1) == kept)
    #expect(try map("whole", 2)[0] == 7)
    #expect(try #require(SampleManifest.read(output)).isComplete)
  }

  @Test func anotherJobsMapsAreReplacedOnlyWhenAskedAndOtherFilesStay() throws {
    try job("maps").run { _ in }
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file("maps/notes.txt")))
    var other = job("maps", count: 2)
    other.seed = 9
    let before = try map("maps", 0)
    #expect(message { try other.run { _ in } }.contains("seed 4 instead of 9"))
    #expect(try map("maps", 0) == before)
    other.overwrite = true
    try other.run { _ in }
    #expect(try map("maps", 0) != before)
    #expect(
      try names("maps") == [
        "contact-sheet.png", "manifest.json", "notes.txt", "sample-00000000.npy",
        "sample-00000001.npy",
      ])
    #expect(!FileManager.default.fileExists(atPath: folder.file("maps.partial")))
  }

  @Test func aFolderOfOtherThingsIsLeftAlone() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("mine"), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder.file("mine/notes.txt")))
    var task = job("mine")
    task.overwrite = true
    #expect(
      message { try task.run { _ in } }.contains("it contains notes.txt but no manifest.json"))
    #expect(try names("mine") == ["notes.txt"])
  }

  @Test func faultyArgumentsAreNamedAtOnceAndNothingIsWritten() throws {
    var task = job("faulty", count: -1)
    task.first = -2
    task.batchSize = 0
    task.formats = []
    let text = message { try task.run { _ in } }
    for part in ["count is -1", "first index is -2", "batch size is 0", "no format"] {
      #expect(text.contains(part), "\(text)")
    }
    var sized = job("faulty")
    sized.size = MapSize(width: 32, height: 32)
    #expect(message { try sized.run { _ in } }.contains("only maps of 64x64 pixels"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("faulty")))
  }

  @Test func aRasterWithoutGeoreferenceCannotGiveOne() throws {
    let raster = folder.file("plain.npy")
    try NpyArray(shape: [4, 4], values: .init(repeating: 1, count: 16)).write(to: raster)
    var task = job("placed")
    task.like = raster
    #expect(message { try task.run { _ in } }.contains("no georeference"))
  }
}
