import Foundation
import TestSupport
import Testing

/// `--shard` of `simulate` and `compose`: processes that do not talk to each other.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct ShardOptionTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func simulate(_ output: String, _ more: String...) -> [String] {
    [
      "simulate", "mixed", "-o", folder.file(output), "--count", "5", "--size", "32", "--format",
      "npy",
    ] + more
  }

  private func maps(_ path: String) throws -> [String: Data] {
    try content(of: path).filter { $0.key.hasSuffix(".npy") }
  }

  @Test func shardsAtOnceInOneFolderAreTheWhole() throws {
    #expect(try CommandRunner.run(simulate("whole")).code == 0)
    let processes = try (0..<3).map {
      try CommandRunner.start(simulate("parts", "--shard", "\($0)/3"))
    }
    let outcomes = processes.map { CommandRunner.finish($0.process, $0.outputs) }
    #expect(outcomes.map(\.code) == [0, 0, 0], "\(outcomes.map(\.errors))")
    var all: [String: Data] = [:]
    for index in 0..<3 {
      let part = try maps(folder.file("parts/shard-000\(index)-of-0003"))
      #expect(part.count == (index < 2 ? 2 : 1))
      all.merge(part) { first, _ in
        Issue.record("a map was made twice")
        return first
      }
    }
    #expect(try all == maps(folder.file("whole")))
  }

  @Test func composeReadsAllShardsAndItsOwnShardsFillOneFolder() throws {
    for index in 0..<2 {
      // As the tasks 3 and 4 of a Slurm array.
      let (process, outputs) = try CommandRunner.start(
        simulate("rates", "--shard", "auto"),
        environment: [
          "SLURM_ARRAY_TASK_ID": "\(index + 3)", "SLURM_ARRAY_TASK_MIN": "3",
          "SLURM_ARRAY_TASK_MAX": "4", "SLURM_ARRAY_TASK_COUNT": "2",
        ])
      #expect(CommandRunner.finish(process, outputs).code == 0)
    }
    func compose(_ output: String, _ more: String...) throws -> CommandRunner.Outcome {
      try CommandRunner.run(
        ["compose", folder.file("rates"), "-o", folder.file(output), "--set", "network.count=2"]
          + more)
    }
    #expect(try compose("whole").code == 0)
    #expect(try compose("parts", "--shard", "1/2").code == 0)
    let half = try FileManager.default.contentsOfDirectory(atPath: folder.file("parts"))
    #expect(half.sorted() == ["mixed_000003", "mixed_000004"])
    #expect(try compose("parts", "--shard", "0/2").code == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.file("whole")) {
      let expected = try content(of: folder.file("whole/\(name)"))
      #expect(try content(of: folder.file("parts/\(name)")) == expected)
    }

    try FileManager.default.removeItem(atPath: folder.file("rates/shard-0001-of-0002"))
    let refused = try compose("other")
    #expect(
      refused.code == 1
        && refused.errors.contains(
          "shards are missing: "
            + "1"),
      "\(refused.errors)")
  }

  @Test func aKilledShardGoesOn() throws {
    let arguments = [
      "simulate", "mixed", "-o", folder.file("out"), "--count", "400", "--size", "96", "--format",
      "npy", "--shard", "1/2",
    ]
    let (process, outputs) = try CommandRunner.start(arguments)
    let partial = folder.file("out/shard-0001-of-0002.partial")
    let deadline = Date().addingTimeInterval(600)
    while process.isRunning, Date() < deadline,
      (try? FileManager.default.contentsOfDirectory(atPath: partial).count) ?? 0 < 10
    { usleep(2_000) }
    kill(process.processIdentifier, SIGKILL)
    _ = CommandRunner.finish(process, outputs)
    #expect(try CommandRunner.run(arguments).code == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
    #expect(names == ["shard-0001-of-0002"])
    #expect(try maps(folder.file("out/shard-0001-of-0002")).count == 200)
  }

  @Test func autoWithoutAnEnvironmentIsAnError() throws {
    let outcome = try CommandRunner.run(simulate("none", "--shard", "auto"))
    #expect(outcome.code == 1 && outcome.errors.contains("SLURM_ARRAY_TASK_ID"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("none")))
  }
}
