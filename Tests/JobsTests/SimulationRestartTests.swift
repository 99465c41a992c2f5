import DurableFiles
import Foundation
import RasterIO
import RunSupport
import TestSupport
import Testing

@testable import Jobs
@testable import Simulators

/// Shards, and jobs that stop half-way.
@Suite struct SimulationRestartTests {
  struct Stop: Error {}

  let folder: TemporaryFolder
  let grid: SceneGrid

  init() throws {
    folder = try TemporaryFolder()
    grid = try SceneGrid(width: 24, height: 16, pixelSizeMeters: 10)
  }

  func job(count: Int = 40, seed: UInt64 = 1, shard: JobShard = .whole) throws -> SimulationJob {
    try SimulationJob(
      preset: .sunMild, grid: grid, count: count, seed: seed, formats: [.npy], shard: shard)
  }

  func names(_ path: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: path))
  }

  func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  /// What a kill leaves: some samples with records, one file without, a record cut short.
  func leavePartial(_ output: String, job: SimulationJob, records: Int) throws {
    let partial = try RecordedFolder(
      output: output, description: SimulationJob.json(job.description))
    let whole = folder.file("whole-for-partial")
    if !FileManager.default.fileExists(atPath: whole) { try job.run(output: whole) }
    let manifest = try JSONDecoder().decode(
      SimulationManifest.self, from: try bytes("\(whole)/manifest.json"))
    for sample in manifest.samples.prefix(records) {
      for file in sample.files + [sample.parameters] {
        try bytes("\(whole)/\(file)").write(to: URL(fileURLWithPath: "\(partial.path)/\(file)"))
      }
      try partial.append(sample)
    }
    try Data("torn".utf8).write(
      to: URL(fileURLWithPath: "\(partial.path)/sun-mild_000039.npy"))
    let file = try #require(FileHandle(forWritingAtPath: "\(partial.path)/records.jsonl"))
    try file.seekToEnd()
    try file.write(contentsOf: Data("{\"index\":".utf8))
  }

  @Test func aStoppedJobGoesOnAndEndsTheSame() throws {
    let output = folder.file("out")
    try leavePartial(output, job: job(), records: 17)
    var seen: [Int] = []
    try job().run(output: output) { seen.append($0) }
    #expect(seen == Array(17...40), "what was done is not done again")
    let whole = folder.file("whole-for-partial")
    #expect(try names(output) == names(whole))
    for name in try names(output) {
      #expect(try bytes("\(output)/\(name)") == bytes("\(whole)/\(name)"), "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: output + ".partial"))
  }

  @Test func anotherJobIsRefusedAndTheFolderKept() throws {
    let output = folder.file("out")
    try leavePartial(output, job: job(), records: 3)
    let before = try names(output + ".partial")
    do {
      try job(seed: 2).run(output: output)
      Issue.record("another job took the folder")
    } catch let error as RunError {
      #expect("\(error)".contains("seed 1 instead of 2"))
    }
    #expect(try names(output + ".partial") == before)
    try job().run(output: output)
  }

  @Test func aFolderInUseAndADamagedOneAreErrors() throws {
    let output = folder.file("out")
    let holder = try ResumableFolder(output, place: .beside)
    #expect(throws: RunError.inUse(path: output + ".partial")) {
      try job().run(output: output)
    }
    withExtendedLifetime(holder) {}
    let damaged = folder.file("damaged")
    try FileManager.default.createDirectory(
      atPath: damaged + ".partial", withIntermediateDirectories: true)
    try Data("{".utf8).write(to: URL(fileURLWithPath: damaged + ".partial/job.json"))
    #expect(throws: RunError.self) { try job().run(output: damaged) }
  }

  @Test func aFinishedFolderIsRefused() throws {
    try job(count: 2).run(output: folder.file("out"))
    #expect(throws: RunError.self) { try job(count: 2).run(output: folder.file("out")) }
    #expect(try names(folder.path) == ["out"])
  }

  @Test func shardsAreTheWholeWithoutGapOrOverlap() throws {
    try job(count: 7).run(output: folder.file("whole"))
    var all: [String] = []
    for number in 0..<3 {
      let part = folder.file("part\(number)")
      try job(count: 7, shard: JobShard(number, of: 3)).run(output: part)
      for name in try names(part) where name != "manifest.json" {
        all.append(name)
        #expect(try bytes("\(part)/\(name)") == bytes(folder.file("whole/\(name)")))
      }
    }
    #expect(all.count == Set(all).count)
    #expect(Set(all) == (try names(folder.file("whole"))).subtracting(["manifest.json"]))
  }

  /// A shard of more parts than samples may hold none; its manifest says so.
  @Test func anEmptyShardHasAnEmptyManifest() throws {
    try job(count: 2, shard: JobShard(2, of: 3)).run(output: folder.file("empty"))
    let manifest = try JSONDecoder().decode(
      SimulationManifest.self, from: try bytes(folder.file("empty/manifest.json")))
    #expect(manifest.samples.isEmpty && manifest.count == 0 && manifest.totalCount == 2)
  }

  @Test func theManifestHasThePresetsNumbersAndTheLayers() throws {
    let output = folder.file("out")
    try SimulationJob(
      preset: .brengmanBarnhart, grid: grid, count: 1, seed: 1, formats: [.npy],
      writesComponents: true
    ).run(output: output)
    let object = try #require(
      try JSONSerialization.jsonObject(with: bytes("\(output)/manifest.json")) as? [String: Any])
    let parameters = try #require(object["presetParameters"] as? [String: Any])
    #expect(parameters["noiseVariance"] as? Double == 0.01)
    #expect(object["terrain"] as? String == "synthetic")
    let manifest = try JSONDecoder().decode(
      SimulationManifest.self, from: try bytes("\(output)/manifest.json"))
    let layers = try #require(manifest.samples[0].layers)
    #expect(Set(layers.keys) == ["delay", "observed", "height", "east", "north", "up"])
    for file in layers.values.flatMap({ $0 }) {
      #expect(try NpyArray.read("\(output)/\(file)").shape == [16, 24])
    }
  }
}
