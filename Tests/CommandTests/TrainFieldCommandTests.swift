import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct TrainFieldCommandTests {
  private let folder: TemporaryFolder
  private let dataset: String

  init() throws {
    folder = try TemporaryFolder()
    dataset = try CommandRunner.dataset(in: folder)
  }

  private static let small = [
    "--model", "field", "--seed", "1", "--set", "iterations=4", "--set", "batchSize=2", "--set",
    "architecture.channels=1", "--set", "architecture.discriminatorChannels=1", "--set",
    "average.calibrationBatches=2", "--set", "output.checkpointEveryIterations=2", "--set",
    "execution.threads=1",
  ]

  private func run(_ arguments: [String], code: Int32 = 0) throws -> CommandRunner.Outcome {
    let (process, outputs) = try CommandRunner.start(arguments)
    let outcome = CommandRunner.finish(process, outputs)
    #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
    return outcome
  }

  private func train(_ more: String...) throws -> String {
    try run(["train", dataset, "-o", folder.file("runs")] + Self.small + more)
      .output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func aFieldModelIsTrainedAndDraws() throws {
    let model = try train() + "/model.safetensors"
    let maps = folder.file("maps")
    _ = try run([
      "generate", model, "-o", maps, "--count", "2", "--seed", "1", "--size", "100x80", "--quiet",
    ])
    #expect(FileManager.default.fileExists(atPath: "\(maps)/manifest.json"))
    #expect(try run(["info", model]).output.contains("trained on 64 x 64 pixels"))
    // Another training begins with it, and has its size without being told.
    let plan = try run([
      "train", dataset, "-o", folder.file("runs"), "--model", "field", "--from", model,
      "--dry-run", "--json",
    ])
    let json = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
    let configuration = json?["configuration"] as? [String: Any]
    let architecture = configuration?["architecture"] as? [String: Any]
    #expect(architecture?["channels"] as? Int == 1)
    #expect(json?["iterations"] as? Int == 4000)
  }

  @Test func aRunGoesOnWithoutBeingToldItsKind() throws {
    let whole = try train()
    let checkpoints = "\(whole)/checkpoints"
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: checkpoints).max())
    let model = try content(of: whole)["model.safetensors"]
    try FileManager.default.removeItem(atPath: "\(checkpoints)/\(file)")
    let again = try run(["train", dataset, "--resume", whole])
    #expect(again.output.trimmingCharacters(in: .whitespacesAndNewlines) == whole)
    #expect(try model != nil && model == content(of: whole)["model.safetensors"])
  }

  /// The level of the detail: a file for other maps, which says by itself what it is.
  @Test func detailIsTrained() throws {
    let detail = try train("--set", "level=detail")
    #expect(
      try run(["info", detail + "/model.safetensors"]).output.contains("of a coarse map"))
    let maps = folder.file("maps")
    let generate = ["generate", detail, "-o", maps, "--count", "1", "--seed", "1", "--quiet"]
    #expect(try run(generate, code: 1).errors.contains("--coarse"))
    _ = try run(generate + ["--coarse", folder.file("waves.npy"), "--unit", "cm/yr"])
    #expect(FileManager.default.fileExists(atPath: "\(maps)/manifest.json"))
    let plan = try run([
      "train", dataset, "-o", folder.file("runs"), "--model", "field", "--from", detail,
      "--dry-run", "--json",
    ])
    let json = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
    let configuration = try #require(json?["configuration"] as? [String: Any])
    #expect(configuration["level"] as? String == "detail")
    #expect((configuration["architecture"] as? [String: Any])?["channels"] as? Int == 1)
  }

  @Test func aTimeLimitSaves() throws {
    let outcome = try run(
      ["train", dataset, "-o", folder.file("runs")] + Self.small
        + ["--set", "iterations=1000000", "--minutes", "0.002"])
    let path = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(outcome.errors.contains("--resume \(path)"))
    #expect(FileManager.default.fileExists(atPath: "\(path)/model.safetensors"))
  }

  @Test func badInputIsTold() throws {
    let runs = folder.file("runs")
    func complaint(_ more: [String], code: Int32 = 1) throws -> String {
      try run(["train", dataset, "-o", runs] + more, code: code).errors
    }
    #expect(try complaint(["--detail", "x"], code: 64).contains("--model field"))
    #expect(
      try complaint(Self.small + ["--detail", "missing.safetensors"])
        .contains("missing.safetensors"))
    #expect(try complaint(Self.small + ["--set", "level=fine"], code: 2).contains("coarse"))
    #expect(try complaint(Self.small + ["--from", dataset]).contains(dataset))
    #expect(!FileManager.default.fileExists(atPath: runs))
  }
}
