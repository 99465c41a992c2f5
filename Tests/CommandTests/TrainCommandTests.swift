import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct TrainCommandTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func trainingArguments(_ dataset: String, _ more: String...) -> [String] {
    ["train", dataset, "-o", folder.file("runs"), "--config", CommandRunner.smoke] + more
  }

  private func run(_ arguments: [String]) throws -> CommandRunner.Outcome {
    let (process, outputs) = try CommandRunner.start(arguments)
    return CommandRunner.finish(process, outputs)
  }

  private func checkpoints() -> [String] {
    let path = folder.file("runs/00000-smoke/checkpoints")
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(".safetensors") }.sorted()
  }

  private func waitForCheckpoint(after count: Int, _ process: Process) throws {
    let deadline = Date().addingTimeInterval(600)
    while process.isRunning, Date() < deadline {
      let newest = checkpoints().last.flatMap { Int($0.dropFirst(11).prefix(8)) } ?? 0
      if newest > count { return }
      usleep(5_000)
    }
  }

  @Test func dryRunShowsAllAndWritesNothing() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let outcome = try run(trainingArguments(dataset, "--dry-run"))
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("name: smoke"))
    #expect(outcome.output.contains("generator: "))
    let plan = try run(trainingArguments(dataset, "--dry-run", "--json"))
    let json = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
    #expect(json?["device"] as? String == "cpu" && json?["iterations"] as? Int == 8)
    let configuration = json?["configuration"] as? [String: Any]
    #expect(configuration?["name"] as? String == "smoke")
    #expect(configuration?["batchSize"] as? Int == 4)
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }

  @Test func interruptionSavesAndTheRunGoesOn() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let (process, outputs) = try CommandRunner.start(
      trainingArguments(dataset, "--set", "epochs=4000", "--set", "output.snapshotEveryEpochs=4000")
    )
    try waitForCheckpoint(after: 0, process)
    // Not SIGINT, which shells make background jobs ignore; both have the same handler.
    kill(process.processIdentifier, SIGTERM)
    let outcome = CommandRunner.finish(process, outputs)
    #expect(outcome.code == 130)
    #expect(outcome.errors.contains("--resume"))
    let path = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(FileManager.default.fileExists(atPath: "\(path)/model.safetensors"))
    let before = try #require(checkpoints().last)

    // Going on with nothing left to do but a few iterations shows that the state is usable.
    let (second, pipes) = try CommandRunner.start(["train", dataset, "--resume", path])
    let newest = try #require(Int(before.dropFirst(11).prefix(8)))
    try waitForCheckpoint(after: newest, second)
    kill(second.processIdentifier, SIGTERM)
    #expect(CommandRunner.finish(second, pipes).code == 130)
    #expect(try #require(checkpoints().last) > before)
  }

  @Test func aTimeLimitSaves() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let (process, outputs) = try CommandRunner.start(
      trainingArguments(dataset, "--set", "epochs=4000", "--minutes", "0.002"))
    let outcome = CommandRunner.finish(process, outputs)
    let path = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(outcome.code == 0 && outcome.errors.contains("--resume \(path)"))
    #expect(FileManager.default.fileExists(atPath: "\(path)/model.safetensors"))
  }

  /// Kills in the middle of training that checkpoints every few iterations, at changing moments.
  @Test func killedAtAnyMomentNothingSavedIsLost() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    var arguments = trainingArguments(
      dataset, "--set", "epochs=100000", "--set", "data.patchesPerEpoch=4", "--set",
      "output.snapshotEveryEpochs=100000")
    var saved = 0
    for delay in [0, 7_000, 19_000, 31_000] as [UInt32] {
      let (process, outputs) = try CommandRunner.start(arguments)
      try waitForCheckpoint(after: saved, process)
      usleep(delay)
      kill(process.processIdentifier, SIGKILL)
      _ = CommandRunner.finish(process, outputs)
      let newest = checkpoints().last.flatMap { Int($0.dropFirst(11).prefix(8)) } ?? 0
      #expect(newest > saved)
      saved = newest
      arguments = ["train", dataset, "--resume", folder.file("runs/00000-smoke")]
    }
    let (process, outputs) = try CommandRunner.start(arguments)
    try waitForCheckpoint(after: saved, process)
    kill(process.processIdentifier, SIGTERM)
    let outcome = CommandRunner.finish(process, outputs)
    #expect(outcome.code == 130)
    #expect(outcome.errors.contains("resumed from"))
  }

  @Test func wrongSettingsAreNamedWithTheirLine() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let file = folder.file("wrong.yaml")
    try "epochs: 2\nbatchsize: 4\n".write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try run(["train", dataset, "-o", folder.file("runs"), "--config", file])
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("line 2") && outcome.errors.contains("batchSize"))
    let value = try run(trainingArguments(dataset, "--set", "optimizer.beta1=2"))
    #expect(value.code == 2 && value.errors.contains("optimizer.beta1"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }

  @Test func unusableDatasetsAreClearErrors() throws {
    let missing = try run(trainingArguments(folder.file("none")))
    #expect(missing.code == 1)
    #expect(missing.errors.contains(folder.file("none")) && missing.errors.contains("prepare"))

    let small = try CommandRunner.dataset(in: folder, side: 40)
    let tooSmall = try run(trainingArguments(small))
    #expect(tooSmall.code == 1)
    #expect(tooSmall.errors.contains("64"), "\(tooSmall.errors)")

    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }

  @Test func everyPatchRejectedNamesTheRule() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    let outcome = try run(
      trainingArguments(dataset, "--set", "data.filter.quietRateCMPerYear=1000"))
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains("filter"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }

  @Test func anUnwritableFolderIsNamed() throws {
    let dataset = try CommandRunner.dataset(in: folder)
    // A file where a folder must be: not writable for root either.
    try Data().write(to: URL(fileURLWithPath: folder.file("file")))
    let outcome = try run(
      ["train", dataset, "-o", folder.file("file/runs"), "--config", CommandRunner.smoke])
    #expect(outcome.code == 1)
    #expect(outcome.errors.contains(folder.file("file/runs")))
  }
}
