import Foundation
import RasterIO
import TestSupport
import Testing

/// `ganinsar dataset` as its users start it.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"))
struct DatasetCommandTests {
  private let folder: TemporaryFolder
  private let maps: String

  init() throws {
    folder = try TemporaryFolder()
    maps = folder.file("maps")
    try FileManager.default.createDirectory(atPath: maps, withIntermediateDirectories: true)
    for map in 1...4 {
      let values = (0..<32 * 32).map { index -> Float in
        let (y, x) = (Float(index / 32 - 16) / 6, Float(index % 32 - 16) / 7)
        return Float(map) * expf(-x * x - y * y)
      }
      try NpyArray(shape: [32, 32], values: values).write(to: "\(maps)/map-\(map).npy")
    }
  }

  private func dataset(_ arguments: String...) throws -> CommandRunner.Outcome {
    try CommandRunner.run(["dataset"] + arguments)
  }

  @Test(arguments: ["unwrapping", "denoising", "detection", "timeseries"])
  func everyRecipeThatShipsMakesADataset(recipe: String) throws {
    let output = folder.file("out")
    let outcome = try dataset(
      maps, "--unit", "cm/yr", "-o", output, "--recipe", recipe, "--samples-per-map", "2", "--size",
      "16", "--format", "npy", "--set", "samples.validationFraction=0.25", "--set",
      "samples.testFraction=0.25")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output == "8 samples in \(output)\n")
    let names = try FileManager.default.contentsOfDirectory(atPath: output)
    #expect(Set(["train", "validation", "test", "contact-sheet.png"]).isSubset(of: names))
  }

  @Test func theTimeOfASampleIsPrintedAndNothingWritten() throws {
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let outcome = try dataset(
      maps, "--unit", "cm/yr", "--size", "16", "--count", "4", "--time", "--json")
    #expect(outcome.code == 0 && outcome.output.contains("\"samples\":4"), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == before)
  }

  /// The arguments after the rate maps, and what the error names.
  @Test(arguments: [
    ([], "-o"),
    (["-o", "OUT", "--maps", "3"], "--maps is for presets and generators"),
    (["-o", "OUT", "--pixel-size", "30"], "--pixel-size is for presets"),
    (["-o", "OUT", "--recipe", "unwraping"], "did you mean 'unwrapping'"),
    (["-o", "OUT", "--size", "64"], "fewer than samples of 64 x 64"),
    (["-o", "OUT", "--set", "sensor={choice: []}"], "sensor"),
    (["-o", "OUT", "--set", "model.decorrelation.looks={normal: [5, -1]}"], "looks"),
    (["-o", "OUT", "--set", "model.cloudiness=1"], "cloudiness"),
  ])
  func badInputIsTold(arguments: [String], part: String) throws {
    let output = folder.file("bad")
    let outcome = try CommandRunner.run(
      ["dataset", maps, "--unit", "cm/yr"] + arguments.map { $0 == "OUT" ? output : $0 })
    #expect(outcome.code != 0 && outcome.errors.contains(part), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  /// Maps of a generator are made once; those of another seed are not taken for them.
  @Test func mapsOfAGeneratorAreThoseThatWereAskedFor() throws {
    let model = "\(CommandRunner.root)/models/ganinsar.safetensors"
    func dataset(_ name: String, seed: String) throws -> CommandRunner.Outcome {
      try self.dataset(
        model, "-o", folder.file(name), "--maps", "2", "--map-size", "64", "--size", "16",
        "--samples-per-map", "1", "--format", "npy", "--seed", seed)
    }
    let first = try dataset("a", seed: "1")
    #expect(first.code == 0 && first.output.hasPrefix("2 samples"), "\(first.errors)")
    let maps = try content(of: folder.file("a.maps"))
    try FileManager.default.removeItem(atPath: folder.file("a"))
    #expect(try dataset("a", seed: "1").code == 0)
    #expect(try content(of: folder.file("a.maps")) == maps)

    try FileManager.default.removeItem(atPath: folder.file("a"))
    let other = try dataset("a", seed: "2")
    #expect(other.code != 0 && other.errors.contains("seed 1 instead of 2"), "\(other.errors)")
    #expect(other.errors.contains("delete it to generate others"), "\(other.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("a")))
    #expect(try content(of: folder.file("a.maps")) == maps)
  }
}
