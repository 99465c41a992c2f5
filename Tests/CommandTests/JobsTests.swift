import DurableFiles
import Foundation
import RasterIO
import TestSupport
import Testing

/// Jobs that are killed, stopped, started twice or started again.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct JobsTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  @Test func aDatasetOfSamplesIsTakenUpWhateverTheOrderOfItsKeys() throws {
    let arguments = [
      "simulate", "mixed", "-o", folder.file("d"), "--samples", "npy", "--size", "16",
    ]
    for _ in 0..<3 {
      let outcome = try CommandRunner.run(arguments)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    // As earlier versions wrote it: the same keys in another order.
    let file = folder.file("d/dataset.json")
    let job = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file)))
        as? [String: Any])
    let text = job.keys.sorted(by: >).map { key -> String in
      let value = try? JSONSerialization.data(withJSONObject: job[key]!, options: .fragmentsAllowed)
      return "\"\(key)\": \(String(decoding: value ?? Data(), as: UTF8.self))"
    }
    try Data("{\(text.joined(separator: ", "))}".utf8).write(to: URL(fileURLWithPath: file))
    let again = try CommandRunner.run(arguments)
    #expect(again.code == 0, "\(again.errors)")
    #expect(try CommandRunner.run(arguments + ["--seed", "1"]).code == 1)
    #expect(try names(folder.file("d")) == ["dataset.json", "shard-000000"])
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func workWithNothingToSaveEndsAndLeavesNothing(signal: Int32) throws {
    let side = 3000
    let values = (0..<side * side).map { sinf(Float($0 / side) / 90) * 9 + Float($0 % 7) }
    // Many scenes, so that the work is not over before the signal comes.
    let scenes = (0..<12).map { folder.file("m\($0).npy") }
    try NpyArray(shape: [side, side], values: values).write(to: scenes[0])
    for scene in scenes.dropFirst() {
      try FileManager.default.linkItem(atPath: scenes[0], toPath: scene)
    }
    let before = try names(folder.path)
    let (process, outputs) = try CommandRunner.start(
      ["prepare"] + scenes + ["--unit", "cm/yr", "-o", folder.file("out"), "--harmonize"])
    // Once it has begun to write, or to read at least.
    let deadline = Date().addingTimeInterval(600)
    while process.isRunning, Date() < deadline,
      !(try names(folder.path).contains { $0.hasPrefix("out.part-") })
    { usleep(2_000) }
    usleep(200_000)
    #expect(process.isRunning)
    kill(process.processIdentifier, signal)
    let outcome = CommandRunner.finish(process, outputs)
    #expect(outcome.code == 130 && outcome.errors.contains("interrupted"), "\(outcome.errors)")
    #expect(try names(folder.path) == before)
  }

  @Test func ofTwoJobsWithOneOutputOneIsToldSo() throws {
    let claim = try OutputClaim(folder.file("d"))
    try NpyArray(shape: [2, 2], values: [1, 2, 3, 4]).write(to: folder.file("m.npy"))
    let refused = try CommandRunner.run(
      "prepare", folder.file("m.npy"), "--unit", "cm/yr", "-o", folder.file("d"))
    #expect(refused.code == 1 && refused.errors.contains("another job is writing"))
    withExtendedLifetime(claim) {}

    let lock = try ResumableFolder(folder.file("maps"))
    let maps = try CommandRunner.run(
      "generate", "\(CommandRunner.root)/models/ganinsar.safetensors", "-o", folder.file("maps"),
      "--count", "1")
    #expect(maps.code == 1 && maps.errors.contains("another job is writing"), "\(maps.errors)")
    withExtendedLifetime(lock) {}
  }

  @Test func mapsAreReplacedAtOnceAndTheFilesOfOthersStay() throws {
    let model = "\(CommandRunner.root)/models/ganinsar.safetensors"
    func generate(_ more: String...) throws -> CommandRunner.Outcome {
      try CommandRunner.run(["generate", model, "-o", folder.file("maps"), "--count", "1"] + more)
    }
    #expect(try generate().code == 0)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file("maps/notes.txt")))
    try Data().write(to: URL(fileURLWithPath: folder.file("maps/sample-00000000.npy.part-1-2")))
    let before = try content(of: folder.file("maps"))
    #expect(try generate("--seed", "5").code == 1)
    #expect(try generate("--seed", "5", "--overwrite").code == 0)
    let after = try content(of: folder.file("maps"))
    #expect(after["notes.txt"] == Data("mine".utf8))
    #expect(after["sample-00000000.npy"] != before["sample-00000000.npy"])
    #expect(after["sample-00000000.npy.part-1-2"] == nil)
    #expect(try names(folder.path) == ["maps"])
  }

  @Test func anEpochThatWasSavedAndNotDrawnIsDrawnOnResume() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let run = try CommandRunner.run(
      "train", dataset, "-o", folder.file("runs"), "--config", CommandRunner.smoke)
    #expect(run.code == 0, "\(run.errors)")
    let path = run.output.trimmingCharacters(in: .newlines)
    let before = try content(of: "\(path)/snapshots")
    let newest = try #require(before.keys.filter { $0.hasPrefix("generated-") }.sorted().last)
    // As a kill between the checkpoint and the pictures leaves it.
    for name in before.keys where name.hasPrefix(String(newest.prefix(18))) {
      try FileManager.default.removeItem(atPath: "\(path)/snapshots/\(name)")
    }
    try FileManager.default.removeItem(atPath: "\(path)/model.safetensors")
    try Data().write(to: URL(fileURLWithPath: "\(path)/model.safetensors.part-1-2"))
    let again = try CommandRunner.run("train", dataset, "--resume", path)
    #expect(again.code == 0, "\(again.errors)")
    #expect(try content(of: "\(path)/snapshots") == before)
    #expect(try names(path).contains("model.safetensors"))
    #expect(try !names(path).contains { $0.contains(".part-") })
  }
}
