import Foundation
import RasterIO
import TestSupport
import Testing

@Suite(
  .enabled(if: CommandRunner.isBenchBuilt, "needs the built ganinsar and ganinsar-bench"),
  .serialized)
struct BenchmarkCommandTests {
  private func run(_ arguments: String...) throws -> CommandRunner.Outcome {
    let isCompose = arguments[0] == "compose"
    let (process, outputs) = try CommandRunner.start(
      isCompose ? Array(arguments.dropFirst()) : arguments,
      executable: CommandRunner.bench + (isCompose ? "-samples" : ""))
    return CommandRunner.finish(process, outputs)
  }

  private struct Origin: Decodable {
    let column, row, factor, quarterTurns: Int
    let mirrors: Bool
    let offsetCMPerYear: Float
  }

  @Test func loadingCountsThePatchesThatItTimed() throws {
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let outcome = try run(
      "loading", dataset, "--patch-size", "32", "--batch", "4", "--batches", "3")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["patches"] as? Int == 12)
    #expect(try #require(report["seconds"] as? Double) > 0)
    #expect(try #require(report["peak_memory_mib"] as? Double) > 1)
    let refusal = try run("loading", dataset, "--set", "theta=3")
    #expect(refusal.code != 0 && refusal.errors.contains("theta"))
  }

  @Test func savedPatchesAreTheirWindows() throws {
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let saved = folder.file("saved")
    let outcome = try run(
      "loading", dataset, "--patch-size", "32", "--save", saved, "--set",
      "multiScale.mix=[{factor: 1, weight: 1}]")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let patches = try NpyArray.read("\(saved)/patches.npy")
    let origins = try JSONDecoder().decode(
      [Origin].self, from: Data(contentsOf: URL(fileURLWithPath: "\(saved)/patches.json")))
    #expect(patches.shape == [64, 32, 32] && origins.count == 64)
    // The scene of `CommandRunner.dataset`.
    for (number, origin) in origins.enumerated()
    where origin.quarterTurns == 0 && !origin.mirrors {
      let corner = patches.values[number * 32 * 32] - origin.offsetCMPerYear
      let scene = 14 * sinf(Float(origin.row) / 15) * cosf(Float(origin.column) / 21) + 8
      #expect(origin.factor == 1 && abs(corner - scene) < 1e-4)
    }
  }

  @Test func savedIterationsAndSamplesHoldWhatTheChecksRead() throws {
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let training = try run(
      "train", dataset, "--config", CommandRunner.smoke, "--save", folder.file("steps")
    )
    #expect(training.code == 0, "\(training.errors)")
    let plain = try header(folder.file("steps/plain.safetensors"))
    let mixed = try header(folder.file("steps/cutmix.safetensors"))
    for found in [plain, mixed] {
      #expect(found["losses"] == [2, 2])
      #expect(found.keys.contains { $0.hasPrefix("generator.blocks.0.") })
      #expect(found.keys.contains { $0.hasPrefix("discriminator.encoder.0.") })
      #expect(found["real"]?.first == 2)
    }
    let samples = try run(
      "compose", "--size", "32", "--save", folder.file("samples.safetensors"))
    #expect(samples.code == 0, "\(samples.errors)")
    let found = try header(folder.file("samples.safetensors"))
    for name in ["rate", "unwrapped", "wrapped", "deformation", "decorrelation"] {
      #expect(found[name] == [8, 1, 32, 32], "\(name)")
    }
  }

  @Test func composingCountsTheSamplesThatItTimed() throws {
    let outcome = try run(
      "compose", "--size", "32", "--threads", "2", "--samples", "4", "--repetitions", "1")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["samples_per_repetition"] as? Int == 8)
    #expect(try #require(report["samples_per_second"] as? Double) > 0)
    let refusal = try run("compose", "--size", "9223372036854775807")
    #expect(refusal.code == 64 && refusal.errors.contains("give 8 to 8192"))
  }

  @Test func theFrechetDistanceOfFeaturesToThemselvesIsZero() throws {
    let folder = try TemporaryFolder()
    let values = (0..<60).map { Float(($0 * 7919) % 101) / 50 - 1 }
    try NpyArray(shape: [20, 3], values: values).write(to: folder.file("features.npy"))
    let outcome = try run("frechet", folder.file("features.npy"), folder.file("features.npy"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(abs(try #require(report["fid"] as? Double)) < 1e-9)
  }

  /// Shapes by name from the header of a safetensors file.
  private func header(_ path: String) throws -> [String: [Int]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let json = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(length))
    let entries = try #require(json as? [String: [String: Any]])
    return entries.compactMapValues { $0["shape"] as? [Int] }
  }
}
