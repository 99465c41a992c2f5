import Foundation
import GANSampling
import RasterIO
import TestSupport
import Testing

/// The driver of the paper's experiment with next to no training, on the real scenes.
@Suite(.serialized) struct ReproduceTests {
  private func run(_ folder: TemporaryFolder, _ settings: [String: String]) throws
    -> CommandRunner.Outcome
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "\(CommandRunner.root)/scripts/reproduce"]
    process.environment = ProcessInfo.processInfo.environment.merging(
      [
        "SCENES": SharedData.path("data"), "CONFIG": CommandRunner.smoke, "COUNT": "32",
        "OUT": folder.file("out"), "DOCS": folder.file("docs"), "RESAMPLES": "0",
        "PRESETS": "sun wu-dem", "THREADS": "1", "DEVICE": "cpu",
        "XDG_CACHE_HOME": folder.file("cache"), "HOME": folder.path, "GANINSAR_INCEPTION": "",
        // What the caller has exported for an experiment is not for this one.
        "SIZE": "", "BUDGET": "", "SEEDS": "", "EXTRA": "", "WEIGHTS": "", "JOBS": "", "PICK": "",
        "STEPS": "", "ARM_TABLE": "", "GANINSAR": CommandRunner.executable,
      ].merging(settings) { $1 }
    ) { $1 }
    let outputs = [Pipe(), Pipe()]
    (process.standardOutput, process.standardError) = (outputs[0], outputs[1])
    try process.run()
    return CommandRunner.finish(process, outputs, withinSeconds: 900)
  }

  @Test(
    .tags(.slow),
    .enabled(
      if: CommandRunner.isBuilt && SharedData.has("data/permissive")
        && RasterFormat.tif.isAvailable,
      "needs the built command with GDAL, and ../shared/data"))
  func theDriverMeasuresAndNeverTrainsTwice() throws {
    let folder = try TemporaryFolder()
    let first = try run(folder, ["ARMS": "model encoder"])
    #expect(first.code == 0, "\(first.errors)")
    let page = try String(contentsOfFile: folder.file("docs/reproduce-64.md"), encoding: .utf8)
    for row in ["| model |", "| encoder |", "| sun |", "| wu-dem |", "| real against real |"] {
      #expect(page.contains(row), "no row \(row)")
    }
    // Pictures of scenes without a license stay where they were drawn.
    let shown = try FileManager.default.contentsOfDirectory(
      atPath: folder.file("docs/reproduce-64"))
    #expect(!shown.isEmpty && shown.allSatisfy { $0.hasPrefix("open-") || $0.hasPrefix("fig") })

    let arms = folder.file("out/arms")
    let before = try FileManager.default.contentsOfDirectory(atPath: arms).sorted()
    #expect(before.count == 2)
    let again = try run(folder, ["ARMS": "model encoder", "STEPS": "train report"])
    #expect(again.code == 0, "\(again.errors)")
    #expect(again.output.components(separatedBy: "done before").count == 3)
    #expect(try FileManager.default.contentsOfDirectory(atPath: arms).sorted() == before)
    // Another configuration is another arm, and the first one stays.
    let other = try run(
      folder, ["ARMS": "model", "STEPS": "train", "EXTRA": "average.decay=0.5"])
    #expect(other.code == 0, "\(other.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: arms).count == 3)
  }

  @Test func settingsThatCannotBeAreNamed() throws {
    let folder = try TemporaryFolder()
    // The scenes are looked for last, so a wrong setting is named on a machine without them too.
    for (name, value) in [
      ("SIZE", "100"), ("ARMS", "nobody"), ("COUNT", "few"), ("BUDGET", "long"),
      ("STEPS", "everything"), ("SCENES", folder.path), ("SEEDS", "x"),
    ] {
      let outcome = try run(
        folder, ["SCENES": folder.file("none")].merging([name: value]) { $1 })
      #expect(outcome.code == 1 && outcome.errors.contains(value), "\(name): \(outcome.errors)")
    }
  }

  @Test func theShippedModelIsFoundFromTheExecutable() throws {
    let folder = try TemporaryFolder()
    let binary = folder.file("checkout/.build/platform/release/ganinsar")
    for path in [folder.file("checkout/models"), folder.file("checkout/.build/platform/release")] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try Data().write(to: URL(fileURLWithPath: binary))
    #expect {
      try ShippedModel.locate(environment: [:], executable: binary)
    } throws: {
      "\($0)".contains("checkout/models/ganinsar.safetensors") && "\($0)".contains("GANINSAR_MODEL")
    }
    let model = folder.file("checkout/models/ganinsar.safetensors")
    try Data().write(to: URL(fileURLWithPath: model))
    let found = try ShippedModel.locate(environment: [:], executable: binary)
    #expect(
      URL(fileURLWithPath: found).resolvingSymlinksInPath().path
        == URL(fileURLWithPath: model).resolvingSymlinksInPath().path)
    #expect(
      try ShippedModel.locate(environment: ["GANINSAR_MODEL": "mine"], executable: binary)
        == "mine")
  }
}
