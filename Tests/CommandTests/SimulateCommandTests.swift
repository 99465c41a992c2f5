import Foundation
import RasterIO
import TestSupport
import Testing

/// `ganinsar simulate` with presets that learn from measured maps, as its users start it.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"))
struct SimulateCommandTests {
  private let folder: TemporaryFolder
  private let image: String

  init() throws {
    folder = try TemporaryFolder()
    image = folder.file("image.npy")
    try NpyArray(
      shape: [40, 44], values: (0..<40 * 44).map { sinf(Float($0 % 44) / 4) + Float($0 / 44) / 40 }
    ).write(to: image)
  }

  private func simulate(_ arguments: String...) throws -> CommandRunner.Outcome {
    try CommandRunner.run(["simulate"] + arguments)
  }

  @Test(arguments: ["rongier-sgs", "rongier-ds"])
  func aMeasuredMapGivesMoreLikeIt(preset: String) throws {
    let outcome = try simulate(
      preset, "-o", folder.file("out"), "--count", "3", "--size", "24", "--format", "npy",
      "--training-image", image, "--unit", "cm/yr")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let manifest = try String(contentsOfFile: folder.file("out/manifest.json"), encoding: .utf8)
    #expect(manifest.contains("\"image\"") && manifest.contains("values come from the training"))
    let dataset = try CommandRunner.run(
      "dataset", preset, "-o", folder.file("data"), "--count", "4", "--size", "16", "--format",
      "npy", "--training-image", image, "--unit", "cm/yr")
    #expect(dataset.code == 0, "\(dataset.errors)")
  }

  @Test(arguments: [
    (["rongier-ds", "-o", "OUT"], "--training-image"),
    (["sun", "-o", "OUT", "--training-image", "IMAGE"], "rongier-sgs, rongier-ds"),
    (["rongier-ds", "-o", "OUT", "--training-image", "IMAGE"], "--unit"),
    (["rongier-ds", "-o", "OUT", "--training-image", "none.tif"], "none.tif"),
    (
      [
        "rongier-sgs", "-o", "OUT", "--size", "30", "--training-image", "IMAGE", "--given", "IMAGE",
        "--unit", "cm/yr",
      ], "44 x 40"
    ),
  ])
  func badInputIsTold(arguments: [String], part: String) throws {
    let names = ["OUT": folder.file("bad"), "IMAGE": image]
    let outcome = try CommandRunner.run(["simulate"] + arguments.map { names[$0] ?? $0 })
    #expect(outcome.code != 0 && outcome.errors.contains(part), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("bad")))
  }
}
