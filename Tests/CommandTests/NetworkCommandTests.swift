import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

/// `ganinsar network` as a user calls it: train from a recipe and from a dataset, resume, score, apply.
@Suite(.enabled(if: CommandRunner.isBuilt)) struct NetworkCommandTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let small = [
    "--set", "architecture.channels=2", "--set", "architecture.levels=2", "--set", "batchSize=2",
    "--set", "output.validationSamples=2", "--set", "execution.threads=1",
  ]

  private func run(_ arguments: [String], code: Int32 = 0) throws -> CommandRunner.Outcome {
    let outcome = try CommandRunner.run(arguments)
    #expect(outcome.code == code, "\(arguments.joined(separator: " ")): \(outcome.errors)")
    return outcome
  }

  /// Trains on simulated maps; the path of the run folder.
  private func trained(_ runs: String, iterations: Int = 3, _ more: [String] = []) throws -> String
  {
    let outcome = try run(
      [
        "network", "train", "mixed", "-o", folder.file(runs), "--maps", "4", "--size", "32",
        "--seed", "3",
      ]
        + ["--iterations", "\(iterations)", "--quiet"] + Self.small + more)
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func dataset() throws -> String {
    let path = folder.file("samples")
    _ = try run([
      "dataset", "mixed", "-o", path, "--recipe", "networks", "--maps", "6", "--size", "32",
      "--count", "12", "--format", "npy", "--quiet",
    ])
    return path
  }

  @Test func aRunFromARecipeIsResumedBitForBit() throws {
    let whole = try trained("whole", iterations: 4)
    for name in ["config.yaml", "log.txt", "stats.jsonl", "network.safetensors"] {
      #expect(FileManager.default.fileExists(atPath: "\(whole)/\(name)"), "\(name)")
    }
    // A minute is never over within the first step, a thousandth of one is.
    let stopped = try trained("parts", iterations: 4, ["--minutes", "0.001"])
    let outcome = try run([
      "network", "train", "mixed", "-o", folder.file("parts"), "--maps", "4", "--size", "32",
      "--seed", "3", "--iterations", "4", "--resume", stopped, "--quiet",
    ])
    #expect(outcome.output.contains(stopped))
    let networks = [whole, stopped].map { try? content(of: $0)["network.safetensors"] }
    #expect(networks[0] != nil && networks[0] == networks[1])
  }

  @Test func aNetworkFromADatasetIsScoredAppliedAndExported() throws {
    let data = try dataset()
    let runs = folder.file("runs")
    let network = try run(
      ["network", "train", data, "-o", runs, "--iterations", "2", "--quiet"] + Self.small
    ).output.trimmingCharacters(in: .whitespacesAndNewlines)

    let score = try run(["network", "score", data, "--network", network, "--quiet"])
    for word in ["network", "goldstein 0.8", "no filter", "wrong cycles", "stated uncertainty"] {
      #expect(score.output.contains(word), "\(word)")
    }
    let json = try run([
      "network", "score", data, "--network", network, "--json", "--quiet", "--write",
      folder.file("planes"),
    ])
    let scores = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(scores?.count == 3)
    #expect(try NpyArray.read(folder.file("planes/unwrapped.npy")).shape.count == 3)

    let small = folder.file("small.safetensors")
    _ = try run(["network", "export", network, "-o", small])
    let phase = (0..<40 * 50).map { index in
      let angle = Float(index % 50) * 0.3
      return angle - 2 * .pi * (angle / (2 * .pi)).rounded()
    }
    try NpyArray(shape: [40, 50], values: phase).write(to: folder.file("ifg.npy"))
    _ = try run([
      "network", "apply", folder.file("ifg.npy"), "-o", folder.file("out"), "--network", small,
      "--format", "npy", "--quiet",
    ])
    let whole = try NpyArray.read(folder.file("out/ifg_unwrapped.npy")).values
    for (unwrapped, wrapped) in zip(whole, phase) {
      let turns = (Double(unwrapped) - Double(wrapped)) / (2 * .pi)
      #expect(abs(turns - turns.rounded()) * 2 * .pi < 1e-4)
    }
    for name in [
      "ifg_filtered.npy", "ifg_uncertainty.npy", "ifg_mask.npy", "ifg.png", "network.json",
    ] {
      #expect(FileManager.default.fileExists(atPath: folder.file("out/\(name)")), "\(name)")
    }
    let again = try run(
      ["network", "apply", folder.file("ifg.npy"), "-o", folder.file("out"), "--network", small],
      code: 1)
    #expect(again.errors.contains("exists already"))
  }

  @Test func badInputIsTold() throws {
    let network = try trained("runs", iterations: 1)
    func complaint(_ arguments: [String], code: Int32 = 1) throws -> String {
      try run(
        ["network", "apply"] + arguments + ["-o", folder.file("out"), "--network", network],
        code: code
      )
      .errors
    }
    func npy(_ name: String, _ shape: [Int], _ value: (Int) -> Float) throws -> String {
      try NpyArray(shape: shape, values: (0..<shape.reduce(1, *)).map(value)).write(
        to: folder.file(name))
      return folder.file(name)
    }
    let good = try npy("good.npy", [8, 8]) { Float($0 % 7) - 3 }
    #expect(try complaint([npy("nan.npy", [8, 8]) { _ in .nan }]).contains("no pixel has data"))
    #expect(try complaint([npy("rate.npy", [8, 8]) { Float($0) }]).contains("unit is unknown"))
    let coherence = try npy("coherence.npy", [8, 9]) { _ in 0.5 }
    #expect(try complaint([good, "--coherence", coherence]).contains("8 x 9"))
    try Data("not a raster".utf8).write(to: URL(fileURLWithPath: folder.file("text.xyz")))
    #expect(try complaint([folder.file("text.xyz")]).contains("text.xyz"))
    let other = try run(
      [
        "network", "apply", good, "-o", folder.file("out"), "--network",
        "\(CommandRunner.root)/models/ganinsar.safetensors",
      ], code: 1)
    #expect(other.errors.contains("network of another kind"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))

    let wrong = try run(["network", "score", folder.path], code: 1)
    #expect(wrong.errors.contains("dataset.json"))
    let denoising = folder.file("denoising")
    _ = try run([
      "dataset", "mixed", "-o", denoising, "--recipe", "denoising", "--maps", "3", "--size", "32",
      "--count", "3", "--format", "npy", "--quiet",
    ])
    let missing = try run(["network", "train", denoising, "-o", folder.file("runs")], code: 1)
    #expect(missing.errors.contains("unwrapped"))
  }

  // MARK: - Atmosphere

  private static let smallCycle = [
    "--task", "atmosphere", "--iterations", "2", "--set", "architecture.channels=2",
    "--set", "architecture.levels=2", "--set", "architecture.discriminatorChannels=1", "--set",
    "batchSize=1", "--set", "output.validationSamples=1", "--set", "execution.threads=1", "--quiet",
  ]

  private func path(_ outcome: CommandRunner.Outcome) -> String {
    outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func aNetworkThatRemovesTheAtmosphereIsTrainedScoredAndApplied() throws {
    let data = folder.file("samples")
    _ = try run([
      "dataset", "mixed", "-o", data, "--recipe", "atmosphere", "--maps", "4", "--count", "8",
      "--format", "npy", "--quiet", "--set", "samples.validationFraction=0",
    ])
    let runs = folder.file("runs")
    let network = path(
      try run(["network", "train", data, "-o", runs, "--seed", "1"] + Self.smallCycle))
    // Stopped after its first step and continued, it is the same.
    let parts = path(
      try run(
        ["network", "train", data, "-o", runs, "--seed", "1", "--minutes", "0.001"]
          + Self.smallCycle))
    _ = try run([
      "network", "train", data, "--task", "atmosphere", "--resume", parts, "--quiet",
    ])
    let networks = [network, parts].map { try? content(of: $0)["network.safetensors"] }
    #expect(networks[0] != nil && networks[0] == networks[1])

    let small = folder.file("small.safetensors")
    _ = try run(["network", "export", network, "-o", small])
    let score = try run([
      "network", "score", data, "--part", "train", "--network", network, "--beside", small,
      "--quiet", "--count", "2",
    ])
    for word in [
      "00000-atmosphere (cycle)", "small.safetensors (cycle)", "no correction", "plane removed",
      "high-pass", "taken",
    ] {
      #expect(score.output.contains(word), "\(word)")
    }

    let values = (0..<40 * 50).map { Float($0 % 50) * 0.1 + sin(Float($0 / 50)) }
    try NpyArray(shape: [40, 50], values: values).write(to: folder.file("map.npy"))
    _ = try run([
      "network", "apply", folder.file("map.npy"), "-o", folder.file("out"), "--network", small,
      "--unit", "cm", "--window", "32", "--overlap", "8", "--quiet",
    ])
    let corrected = try NpyArray.read(folder.file("out/map_corrected.npy")).values
    let atmosphere = try NpyArray.read(folder.file("out/map_atmosphere.npy")).values
    for (index, value) in values.enumerated() {
      #expect(abs(corrected[index] + atmosphere[index] - value) < 1e-5)
    }
    for name in ["map.png", "network.json"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("out/\(name)")), "\(name)")
    }

    func complaint(_ arguments: [String], code: Int32 = 1) throws -> String {
      try run(
        ["network", "apply"] + arguments + ["-o", folder.file("no"), "--network", network],
        code: code
      ).errors
    }
    let wrapped = values.map { 2 * $0 - 2 * .pi * (2 * $0 / (2 * .pi)).rounded() }
    try NpyArray(shape: [40, 50], values: wrapped).write(to: folder.file("wrapped.npy"))
    #expect(
      try complaint([folder.file("wrapped.npy"), "--unit", "rad"]).contains("phase is wrapped"))
    #expect(try complaint([folder.file("map.npy")]).contains("unit is unknown"))
    #expect(try complaint([folder.file("map.npy"), "--unit", "rad"]).contains("--wavelength"))
    #expect(try complaint([folder.path], code: 64).contains("is a folder"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("no")))
    let shipped = try run(
      [
        "network", "apply", folder.file("map.npy"), "-o", folder.file("no"), "--wavelength",
        "0.05",
      ], code: 64)
    #expect(shipped.errors.contains("--task atmosphere"))
    let scored = try run(["network", "score", data, "--part", "train"], code: 1)
    #expect(scored.errors.contains("wrapped"))
  }

  @Test func setsForTheAtmosphereThatDoNotFitAreTold() throws {
    func complaint(_ arguments: [String], code: Int32 = 1) throws -> String {
      try run(["network", "train"] + arguments + ["-o", folder.file("runs")], code: code).errors
    }
    let values = (0..<70 * 80).map { Float($0 % 80) * 0.1 }
    for name in ["with.npy", "clean.npy"] {
      try NpyArray(shape: [70, 80], values: values).write(to: folder.file(name))
    }
    let sets = [folder.file("with.npy"), "--without", folder.file("clean.npy"), "--unit", "cm"]
    let network = path(
      try run(["network", "train"] + sets + ["-o", folder.file("measured")] + Self.smallCycle))
    #expect(FileManager.default.fileExists(atPath: "\(network)/network.safetensors"))
    #expect(
      try complaint(sets + ["--task", "atmosphere", "--size", "128"]).contains("70 x 80"))
    #expect(
      try complaint(sets + ["--task", "atmosphere", "--size", "32"]).contains("64, 128, 256"))
    #expect(try complaint(sets, code: 64).contains("--task atmosphere"))
    #expect(
      try complaint(sets + ["--task", "atmosphere", "--maps", "3"], code: 64).contains("--maps"))
    #expect(
      try complaint(
        sets + ["--task", "atmosphere", "--set", "method=supervised"]
      ).contains("not known"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")))
  }
}
