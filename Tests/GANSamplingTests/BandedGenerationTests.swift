import Foundation
import RasterIO
import RunSupport
import TestSupport
import Testing

@testable import GANSampling

/// Maps that are made in bands, with a limit far below the real one.
@Suite struct BandedGenerationTests {
  private let folder: TemporaryFolder
  private let model: String
  private let size = MapSize(width: 70, height: 1100)  // three bands

  init() throws {
    folder = try TemporaryFolder()
    model = try writeFieldModel(in: folder)
  }

  private func job(_ output: String) -> SampleGeneration {
    var job = SampleGeneration(
      model: model, output: folder.file(output), count: 1, seed: 4, formats: [.npy])
    job.size = size
    job.device = .cpu
    job.largestWhole = 10_000
    return job
  }

  private func map(_ output: String) throws -> [Float] {
    try NpyArray.read(folder.file("\(output)/sample-00000000.npy")).values
  }

  private func names(_ output: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file(output)).sorted()
  }

  private func worst(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  @Test func bandsMakeTheMapThatIsDrawnAtOnce() throws {
    let job = job("bands")
    #expect(job.isInBands && job.stepCount == 3)
    var steps: [Int] = []
    try job.run { steps.append($0) }
    #expect(steps == [1, 2, 3, 3])
    #expect(try names("bands") == ["contact-sheet.png", "manifest.json", "sample-00000000.npy"])
    let whole = try RateMapModel(contentsOf: model).maps(0..<1, seed: 4, size: size)[0]
    #expect(try worst(map("bands"), whole) < 1e-4)
  }

  @Test func shardsMakeTheSameMap() throws {
    try job("one").run { _ in }
    for index in [1, 0] {
      var shard = job("two")
      shard.bandShard = try JobShard(index, of: 2)
      try shard.run { _ in }
      if index == 1 {
        #expect(!FileManager.default.fileExists(atPath: folder.file("two/manifest.json")))
        #expect(try names("two") == ["shard-0001-of-0002"])
      }
    }
    #expect(try names("two") == ["contact-sheet.png", "manifest.json", "sample-00000000.npy"])
    #expect(try worst(map("one"), map("two")) < 1e-4)
    // Once more, when all is done.
    var shard = job("two")
    shard.bandShard = try JobShard(0, of: 2)
    try shard.run { _ in }
    #expect(try names("two").count == 3)
  }

  @Test func anInterruptedMapContinues() throws {
    try job("whole").run { _ in }
    // As a kill leaves it: a manifest, and some bands.
    let output = folder.file("again")
    var shard = job("again")
    shard.bandShard = try JobShard(0, of: 3)
    try shard.run { _ in }
    try FileManager.default.createDirectory(
      atPath: "\(output)/sample-00000000.bands", withIntermediateDirectories: true)
    let band = MapBands(folder: "\(output)/sample-00000000.bands", size: size)
    try FileManager.default.copyItem(
      atPath: "\(output)/shard-0000-of-0003/sample-00000000.bands/0000.f32",
      toPath: "\(output)/sample-00000000.bands/0000.f32")
    try FileManager.default.removeItem(atPath: "\(output)/shard-0000-of-0003")
    #expect(band.isComplete(0) && !band.isComplete(1))
    let task = job("again")
    let model = try RateMapModel(contentsOf: self.model)
    try JSONEncoder().encode(task.manifest(model, size)).write(
      to: URL(fileURLWithPath: "\(output)/manifest.json"))
    try task.run { _ in }
    #expect(try worst(map("again"), map("whole")) < 1e-4)
    #expect(try names("again").contains("sample-00000000.bands") == false)
  }

  @Test func aDamagedBandIsMadeAgain() throws {
    let bands = MapBands(folder: folder.file("b"), size: MapSize(width: 2, height: 600))
    #expect(bands.count == 2 && bands.rows(1) == 512..<600)
    try bands.write([Float](repeating: 1, count: 1024), band: 0)
    #expect(bands.isComplete(0) && !bands.isComplete(1))
    try Data(count: 10).write(to: URL(fileURLWithPath: folder.file("b/0001.f32")))
    #expect(!bands.isComplete(1))
    #expect(message { _ = try bands.read(1) }.contains("10 bytes in place of 704"))
  }

  @Test func aWindowOfABandedMapAgrees() throws {
    try job("bands").run { _ in }
    var options = MapOptions()
    options.window = MapWindow(x: 10, y: 500, size: MapSize(width: 20, height: 30))
    let part = try RateMapModel(contentsOf: model).maps(0..<1, seed: 4, options: options)[0]
    let whole = try map("bands")
    let same = (500..<530).flatMap { whole[$0 * 70 + 10..<$0 * 70 + 30] }
    #expect(worst(part, same) < 1e-4)
  }

  @Test func faultsAreNamed() throws {
    var task = job("x")
    task.options.maxRate = 5
    #expect(message { try task.run { _ in } }.contains("not drawn again"))
    task = job("x")
    task.largestWhole = 1_000_000
    task.bandShard = try JobShard(0, of: 2)
    #expect(message { try task.run { _ in } }.contains("shard of bands"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("x")))
  }
}
