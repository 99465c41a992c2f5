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

  /// All files below a folder; texts without its name.
  private func tree(_ name: String) throws -> [String: Data] {
    let root = folder.file(name)
    var result: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
      guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else { continue }
      result[path] =
        path.hasSuffix(".json")
        ? Data(String(decoding: data, as: UTF8.self).replacing(root, with: "OUT").utf8) : data
    }
    return result
  }

  /// `generate --samples` is `dataset MODEL` with the options of `generate`.
  @Test func generateWritesTheSameSamples() throws {
    let model = "\(CommandRunner.root)/models/ganinsar.safetensors"
    let recipe = folder.file("mine.yaml")
    try Data("samples: {size: 16, perMap: 2, arrays: [wrapped, unwrapped]}\n".utf8)
      .write(to: URL(fileURLWithPath: recipe))
    let long = try dataset(
      model, "-o", folder.file("long"), "--maps", "3", "--format", "npy", "--seed", "5",
      "--recipe", recipe)
    #expect(long.code == 0, "\(long.errors)")
    func generate(_ name: String, _ more: String...) throws -> CommandRunner.Outcome {
      try CommandRunner.run(
        ["generate", model, "-o", folder.file(name), "--count", "3", "--seed", "5"] + more)
    }
    let short = try generate("short", "--samples", "npy", "--recipe", recipe)
    #expect(short.code == 0 && short.output.hasPrefix("6 samples in"), "\(short)")
    for part in ["", ".maps"] {
      let expected = try tree("long\(part)")
      #expect(expected.count > 3)
      #expect(try tree("short\(part)") == expected)
    }
    // Controls of the generator reach the samples; the same command continues.
    let strong = ["--samples", "npy", "--recipe", recipe, "--spread", "15..25"]
    for _ in 0..<2 {
      let run = try CommandRunner.run(
        ["generate", model, "-o", folder.file("strong"), "--count", "3", "--seed", "5"] + strong)
      #expect(run.code == 0, "\(run.errors)")
    }
    #expect(try tree("strong")["train/shard-000000/wrapped.npy"] != nil)
    #expect(
      try tree("strong")["train/shard-000000/wrapped.npy"]
        != tree("short")["train/shard-000000/wrapped.npy"])
    let other = try CommandRunner.run(
      ["generate", model, "-o", folder.file("strong"), "--count", "3", "--seed", "6"] + strong)
    #expect(
      other.code == 1 && other.errors.contains("strong.maps: delete it to generate others"),
      "\(other.errors)")
    for (options, words) in [
      (["--samples", "npy", "--recipe", "/no/recipe.yaml"], "/no/recipe.yaml"),
      (["--recipe", "unwrapping"], "give --samples too"),
      (["--samples", "npy", "--format", "tif"], "--format is for maps"),
      (["--samples", "npy", "--shard", "0/2"], "dataset --shard"),
      (["--samples", "tar"], "webdataset"),
    ] {
      let bad = try CommandRunner.run(["generate", model, "-o", folder.file("bad")] + options)
      #expect(bad.code != 0 && bad.errors.contains(words), "\(options): \(bad.errors)")
      #expect(
        try !FileManager.default.contentsOfDirectory(atPath: folder.path).contains {
          $0.hasPrefix("bad")
        })
    }
  }
}
