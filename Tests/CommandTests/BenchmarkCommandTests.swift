import Foundation
import RasterIO
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct BenchmarkCommandTests {
  private struct Origin: Decodable {
    let column, row, factor, quarterTurns: Int
    let mirrors: Bool
    let offsetCMPerYear: Float
  }

  @Test func loadingCountsThePatchesThatItTimed() throws {
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let outcome = try CommandRunner.run(
      "benchmark", "loading", dataset, "--patch-size", "32", "--batch", "4", "--batches", "3")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["patches"] as? Int == 12)
    #expect(try #require(report["seconds"] as? Double) > 0)
    #expect(try #require(report["peak_memory_mib"] as? Double) > 1)
    let refusal = try CommandRunner.run("benchmark", "loading", dataset, "--set", "theta=3")
    #expect(refusal.code != 0 && refusal.errors.contains("theta"))
  }

  @Test func savedPatchesAreTheirWindows() throws {
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let saved = folder.file("saved")
    let outcome = try CommandRunner.run(
      "benchmark", "loading", dataset, "--patch-size", "32", "--save", saved, "--set",
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
    let training = try CommandRunner.run(
      "benchmark", "train", dataset, "--config", CommandRunner.smoke, "--save", folder.file("steps")
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
    let samples = try CommandRunner.run(
      "benchmark", "compose", "--size", "32", "--save", folder.file("samples.safetensors"))
    #expect(samples.code == 0, "\(samples.errors)")
    let found = try header(folder.file("samples.safetensors"))
    for name in ["rate", "unwrapped", "wrapped", "deformation", "decorrelation"] {
      #expect(found[name] == [8, 1, 32, 32], "\(name)")
    }
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
