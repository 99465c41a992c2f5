import Foundation
import RasterIO
import TestSupport
import Testing

/// A tiny model of coherence and one of the atmosphere, from `prepare` to `compose`.
private struct ComponentModels {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let side = 96
    let waves = (0..<side * side).map { index in
      sinf(Float(index / side) / 7) * cosf(Float(index % side) / 9)
    }
    for (quantity, unit, values) in [
      ("coherence", "1", waves.map { max(0, min(1, 0.5 + 0.6 * $0)) }),
      ("atmosphere", "m", waves.map { 0.01 * $0 }),
    ] {
      let scene = folder.file("\(quantity)-scene.npy")
      try NpyArray(shape: [side, side], values: values).write(to: scene)
      let dataset = folder.file("\(quantity)-data")
      var outcome = try CommandRunner.run(
        "prepare", scene, "--quantity", quantity, "--unit", unit, "-o", dataset)
      guard outcome.code == 0 else { throw CommandRunner.Failure(text: outcome.errors) }
      outcome = try CommandRunner.run(
        "train", dataset, "-o", folder.file("runs"), "--config", CommandRunner.smoke, "--set",
        "name=\(quantity)")
      guard outcome.code == 0 else { throw CommandRunner.Failure(text: outcome.errors) }
      let run = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
      try FileManager.default.copyItem(
        atPath: "\(run)/model.safetensors", toPath: folder.file("\(quantity).safetensors"))
    }
    let rates = waves.prefix(64 * 64).map { 5 * $0 }
    try NpyArray(shape: [64, 64], values: Array(rates)).write(to: folder.file("rate.npy"))
  }
}

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct ComponentCommandTests {
  private static let models = Result { try ComponentModels() }

  private func run(_ arguments: String...) throws -> CommandRunner.Outcome {
    try CommandRunner.run(arguments)
  }

  @Test func generatedCoherenceStaysInItsRange() throws {
    let folder = try Self.models.get().folder
    let maps = folder.file("maps")
    let outcome = try run(
      "generate", folder.file("coherence.safetensors"), "-o", maps, "--count", "12", "--format",
      "npy,tif")
    #expect(outcome.code == 0, "\(outcome.errors)")
    for index in 0..<12 {
      let name = "\(maps)/sample-\(String(format: "%08d", index)).npy"
      let values = try NpyArray.read(name).values
      #expect(values.allSatisfy { (0...1).contains($0) })
    }
    let manifest = try String(contentsOfFile: "\(maps)/manifest.json", encoding: .utf8)
    #expect(
      manifest.contains("\"quantity\": \"coherence\"") && manifest.contains("\"unit\": \"1\""))
    #expect(manifest.contains("pixelsAtEnds") && !manifest.contains("satellite"))
    let info = try run("info", "\(maps)/sample-00000000.tif", folder.file("coherence.safetensors"))
    #expect(info.output.contains("quantity     coherence\n"))
    #expect(info.output.contains("quantity     coherence (coherence)\n"))
    let mintpy = try run(
      "generate", folder.file("coherence.safetensors"), "-o", folder.file("h5"), "--format", "h5")
    #expect(mintpy.code != 0 && mintpy.errors.contains("draws coherence"))
  }

  @Test func onlyLikeComparesWithLike() throws {
    let folder = try Self.models.get().folder
    let maps = folder.file("judged")
    _ = try run(
      "generate", folder.file("coherence.safetensors"), "-o", maps, "--count", "8")
    let data = folder.file("coherence-data")
    let evaluated = try run(
      "evaluate", "--real", data, "--set", "model=\(maps)", "-o", folder.file("evaluation"),
      "--count", "8", "--resamples", "0", "--no-cache")
    #expect(evaluated.code == 0, "\(evaluated.errors)")
    let metrics = try String(
      contentsOfFile: folder.file("evaluation/metrics.json"), encoding: .utf8)
    #expect(metrics.contains("\"quantity\": \"coherence\""))
    let mixed = try run(
      "evaluate", "--real", folder.file("atmosphere-data"), "--set", "model=\(maps)", "-o",
      folder.file("mixed"), "--count", "8")
    #expect(mixed.code != 0, "\(mixed.output)")
    #expect(mixed.errors.contains("holds coherence") && mixed.errors.contains("atmospheric delays"))
    let resumed = try run(
      "train", folder.file("atmosphere-data"), "--resume", folder.file("runs/00000-coherence"))
    #expect(resumed.code != 0 && resumed.errors.contains("was trained on coherence"))
    let prepared = try run(
      "prepare", "\(maps)/sample-00000000.npy", "--quantity", "height", "-o", folder.file("wrong"))
    #expect(prepared.code != 0 && prepared.errors.contains("holds coherence"))
  }

  @Test func composeDrawsItsComponentsFromModels() throws {
    let folder = try Self.models.get().folder
    func compose(_ name: String, _ more: String...) throws -> CommandRunner.Outcome {
      try CommandRunner.run(
        [
          "compose", folder.file("rate.npy"), "--unit", "cm/yr", "-o", folder.file(name), "--set",
          "network.count=3", "--seed", "4", "--component-maps", "6", "--atmosphere",
          folder.file("atmosphere.safetensors"),
        ] + more)
    }
    let first = try compose("stack", "--coherence", folder.file("coherence.safetensors"))
    #expect(first.code == 0, "\(first.errors)")
    let manifest = try String(contentsOfFile: folder.file("stack/manifest.json"), encoding: .utf8)
    #expect(manifest.contains("\"atmosphere\": ["))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("stack.atmosphere"))
    #expect(names.filter { $0.hasSuffix(".npy") }.count == 6)
    // The same command again leaves all as it is; another folder gets the same values.
    #expect(try compose("stack", "--coherence", folder.file("coherence.safetensors")).code == 0)
    let second = try compose("again", "--coherence", folder.file("stack.coherence"))
    #expect(second.code == 0, "\(second.errors)")
    let pair = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("stack"))
        .first { $0.contains("_") && !$0.contains(".") })
    for layer in ["turbulence", "coherence"] {
      let values = try ["stack", "again"].map {
        try NpyArray.read(folder.file("\($0)/\(pair)/\(layer).npy")).values
      }
      #expect(values[0] == values[1] && Set(values[0]).count > 10)
    }
    // A model of something else, and maps that are too small.
    let wrong = try CommandRunner.run(
      "compose", folder.file("rate.npy"), "--unit", "cm/yr", "-o", folder.file("wrong-stack"),
      "--coherence", folder.file("atmosphere.safetensors"))
    #expect(wrong.code != 0 && wrong.errors.contains("draws atmospheric delays"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("wrong-stack")))
  }

  @Test func datasetsInShardsAreThatOfOneProcess() throws {
    let folder = try Self.models.get().folder
    func dataset(_ name: String, _ more: String...) throws -> CommandRunner.Outcome {
      try CommandRunner.run(
        [
          "dataset", folder.file("rate.npy"), "--unit", "cm/yr", "-o", folder.file(name), "--count",
          "6", "--size", "32", "--seed", "2", "--format", "npy", "--arrays", "turbulence,coherence",
          "--component-maps", "4", "--atmosphere", folder.file("atmosphere.safetensors"),
        ] + more)
    }
    let whole = try dataset("whole")
    #expect(whole.code == 0, "\(whole.errors)")
    for shard in ["0/2", "1/2"] {
      let outcome = try dataset("shards", "--shard", shard)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let part = "train"
    let files = try content(of: folder.file("whole/\(part)")).filter { !$0.key.hasSuffix(".png") }
    let others = try content(of: folder.file("shards/\(part)"))
    for (name, data) in files where name.hasSuffix(".npy") { #expect(others[name] == data) }
    #expect(files.keys.contains { $0.hasSuffix(".npy") || !$0.isEmpty })
  }
}
