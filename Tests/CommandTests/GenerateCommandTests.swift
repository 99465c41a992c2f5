import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

/// One trained smoke model, shared by the tests: training it takes seconds.
private struct SmokeModel {
  let folder: TemporaryFolder
  let dataset: String
  let run: String

  init() throws {
    folder = try TemporaryFolder()
    dataset = try CommandRunner.dataset(in: folder)
    let outcome = try CommandRunner.run(
      "train", dataset, "-o", folder.file("runs"), "--config", CommandRunner.smoke)
    guard outcome.code == 0 else { throw CommandRunner.Failure(text: outcome.errors) }
    run = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct GenerateCommandTests {
  private static let smoke = Result { try SmokeModel() }

  private func generate(_ output: String, _ arguments: String...) throws -> CommandRunner.Outcome {
    let model = try Self.smoke.get()
    let all = ["generate", model.run, "-o", model.folder.file(output)] + arguments
    let (process, outputs) = try CommandRunner.start(all)
    return CommandRunner.finish(process, outputs)
  }

  private func path(_ output: String) throws -> String { try Self.smoke.get().folder.file(output) }

  private func maps(_ output: String) throws -> [String: [Float]] {
    var result: [String: [Float]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path(output))
    where name.hasSuffix(".npy") {
      result[name] = try NpyArray.read("\(path(output))/\(name)").values
    }
    return result
  }

  @Test func theSameCommandGivesTheSameBytes() throws {
    #expect(try generate("a", "--count", "5", "--seed", "3", "--format", "npy,png").code == 0)
    #expect(try generate("b", "--count", "5", "--seed", "3", "--format", "npy,png").code == 0)
    let first = try content(of: path("a"))
    #expect(first.count == 12)  // 5 maps twice, manifest, contact sheet
    #expect(try content(of: path("b")) == first)
    #expect(try generate("c", "--count", "5", "--seed", "4", "--format", "npy,png").code == 0)
    #expect(try maps("c") != maps("a"))
  }

  @Test(arguments: ["0", "12x", "1x2x3", "30000", "x", "64px"])
  func sizesThatCannotBeAreRefused(size: String) throws {
    let outcome = try generate("sizes", "--count", "1", "--size", size)
    #expect(
      outcome.code == 1 && outcome.errors.contains("the size is"), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: try path("sizes")))
  }

  @Test func aModelOfOneSizeSaysSo() throws {
    let outcome = try generate("other-size", "--count", "1", "--size", "100")
    #expect(
      outcome.code == 1 && outcome.errors.contains("only maps of 64x64"), "\(outcome.errors)")
  }

  @Test func theShippedModelDrawsMapsOfAnySize() throws {
    let folder = try TemporaryFolder()
    func draw(_ name: String, _ arguments: String...) throws -> CommandRunner.Outcome {
      try CommandRunner.run(
        [
          "generate", "\(CommandRunner.root)/models/ganinsar.safetensors", "-o", folder.file(name),
          "--seed", "2", "--size", "70x50",
        ] + arguments)
    }
    #expect(try draw("whole", "--count", "3").code == 0)
    #expect(try draw("last", "--count", "1", "--first", "2").code == 0)
    let last = try NpyArray.read(folder.file("last/sample-00000002.npy"))
    #expect(last.shape == [50, 70])
    #expect(last.values.allSatisfy(\.isFinite) && last.values.contains { abs($0) > 0.1 })
    #expect(try NpyArray.read(folder.file("whole/sample-00000002.npy")).values == last.values)
  }

  @Test func batchSizeAndShardsChangeNothingButRounding() throws {
    #expect(try generate("whole", "--count", "7", "--seed", "3").code == 0)
    #expect(try generate("ones", "--count", "7", "--seed", "3", "--batch-size", "1").code == 0)
    #expect(try generate("shard", "--first", "4", "--count", "3", "--seed", "3").code == 0)
    let whole = try maps("whole")
    #expect(try maps("shard").keys.sorted() == whole.keys.sorted().suffix(3))
    for other in [try maps("ones"), try maps("shard")] {
      for (name, values) in other {
        let expected = try #require(whole[name])
        let scale = expected.map(abs).max() ?? 1
        for (a, b) in zip(values, expected) where abs(a - b) > 1e-4 * scale {
          Issue.record("\(name): \(a) is not \(b)")
        }
      }
    }
  }

  /// Two processes and one folder; `compose` reads it as one.
  @Test func shardsAreTheWholeWithoutGapOrOverlap() throws {
    #expect(try generate("full", "--count", "5", "--seed", "3").code == 0)
    #expect(try generate("shards", "--count", "5", "--seed", "3", "--shard", "0/2").code == 0)
    let half = try CommandRunner.run("compose", path("shards"), "-o", path("half"))
    #expect(half.code == 1 && half.errors.contains("shards are missing: 1"), "\(half.errors)")
    #expect(try generate("shards", "--count", "5", "--seed", "3", "--shard", "1/2").code == 0)
    let parts = try (0..<2).map { try maps("shards/shard-000\($0)-of-0002") }
    #expect(parts.map(\.count) == [3, 2])
    let whole = try maps("full")
    let both = parts[0].merging(parts[1]) { first, _ in first }
    #expect(both.keys.sorted() == whole.keys.sorted())
    for (name, values) in both {
      let scale = values.map(abs).max() ?? 1
      let expected = try #require(whole[name])
      #expect(zip(values, expected).allSatisfy { abs($0 - $1) <= 1e-4 * scale })
    }
    // More shards than maps: the last are empty, and whole.
    #expect(try generate("few", "--count", "1", "--shard", "1/2").code == 0)
    #expect(try maps("few/shard-0001-of-0002").isEmpty)
  }

  @Test func anInterruptedJobGoesOn() throws {
    #expect(try generate("job", "--count", "6", "--seed", "1").code == 0)
    let whole = try content(of: path("job"))
    // As it looks when the process was killed: some maps are missing, the manifest says so.
    for index in [2, 5] {
      try FileManager.default.removeItem(atPath: "\(path("job"))/sample-0000000\(index).npy")
    }
    let manifest = "\(try path("job"))/manifest.json"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    try text.replacingOccurrences(of: "\"isComplete\": true", with: "\"isComplete\": false")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    #expect(try generate("job", "--count", "6", "--seed", "1").code == 0)
    #expect(try content(of: path("job")) == whole)
  }

  @Test func aFolderOfOtherContentIsLeftAlone() throws {
    #expect(try generate("taken", "--count", "1", "--seed", "1").code == 0)
    let before = try content(of: path("taken"))
    let refused = try generate("taken", "--count", "2", "--seed", "1")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("--overwrite"))
    #expect(try content(of: path("taken")) == before)
    #expect(try generate("taken", "--count", "2", "--seed", "1", "--overwrite").code == 0)
    #expect(try maps("taken").count == 2)

    try FileManager.default.createDirectory(atPath: path("mine"), withIntermediateDirectories: true)
    try Data("precious".utf8).write(to: URL(fileURLWithPath: "\(path("mine"))/notes.txt"))
    #expect(try generate("mine", "--count", "1", "--overwrite").code == 1)
    #expect(try content(of: path("mine")) == ["notes.txt": Data("precious".utf8)])
  }

  @Test(.enabled(if: RasterFormat.tif.isAvailable, "needs GDAL"))
  func mapsCarryTheGeoreferenceOfLike() throws {
    let model = try Self.smoke.get()
    let like = model.folder.file("like.tif")
    let georeference = Georeference(
      geotransform: [14, 0.001, 0, 41, 0, -0.001], crsWKT: Georeference.wgs84WKT)
    try RasterWriter.write(
      Raster(
        width: 2, height: 2, values: [1, 2, 3, 4], unit: .millimetersPerYear,
        georeference: georeference), to: like, format: .tif)
    let outcome = try generate("geo", "--count", "1", "--format", "tif,h5", "--like", like)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let scene = try RasterReader.read("\(path("geo"))/sample-00000000.tif")
    #expect(scene.raster.georeference?.geotransform == georeference.geotransform)
    #expect(scene.raster.unit == .centimetersPerYear)
    #expect(scene.description.losConvention == .towardSatellite)
    let mintpy = try RasterReader.read("\(path("geo"))/sample-00000000.h5")
    let both = zip(try mintpy.raster.converted(to: .centimetersPerYear).values, scene.raster.values)
    #expect(both.allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) })
  }

  @Test func mapsGoToStandardOutputAsOneArray() throws {
    let model = try Self.smoke.get()
    let file = model.folder.file("stream.npy")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c", "\"$0\" generate \"$1\" -o - --count 5 --seed 3 --quiet > \"$2\"",
      CommandRunner.executable, model.run, file,
    ]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(try generate("folder", "--count", "5", "--seed", "3").code == 0)
    let stream = try NpyArray.read(file)
    #expect(stream.shape == [5, 64, 64])
    let maps = try maps("folder")
    #expect(stream.values == maps.keys.sorted().flatMap { maps[$0] ?? [] })
  }

  @Test func aReaderOfTheStreamMayStop() throws {
    let arguments = ["generate", try Self.smoke.get().run, "-o", "-", "--count", "1000000000"]
    let (process, outputs) = try CommandRunner.start(arguments)
    _ = outputs[0].fileHandleForReading.readData(ofLength: 1000)
    try outputs[0].fileHandleForReading.close()
    let errors = outputs[1].fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGPIPE)
    #expect(!String(decoding: errors, as: UTF8.self).contains("Error"))
  }

  @Test func aStreamIsNothingButMaps() throws {
    let run = try Self.smoke.get().run
    let json = try CommandRunner.run("generate", run, "-o", "-", "--count", "1", "--json")
    #expect(json.code == 64 && json.output.isEmpty && json.errors.contains("--json"))
    let png = try CommandRunner.run("generate", run, "-o", "-", "--count", "1", "--format", "png")
    #expect(png.code == 1 && png.output.isEmpty && png.errors.contains("one .npy array"))
  }

  @Test func realPatchesStandBesideTheSamples() throws {
    let model = try Self.smoke.get()
    #expect(try generate("alone", "--count", "4", "--format", "npy").code == 0)
    #expect(try generate("beside", "--count", "4", "--beside", model.dataset).code == 0)
    let alone = try content(of: path("alone"))["contact-sheet.png"]
    let beside = try content(of: path("beside"))["contact-sheet.png"]
    #expect(try #require(beside).count > (try #require(alone).count))
  }

  @Test func anExportedModelIsHalfAsLargeAndMakesTheSameMaps() throws {
    let model = try Self.smoke.get()
    let small = model.folder.file("small.safetensors")
    #expect(try CommandRunner.run("export", model.run, "-o", small).code == 0)
    let sizes = try [small, "\(model.run)/model.safetensors"].map {
      try #require(FileManager.default.attributesOfItem(atPath: $0)[.size] as? Int)
    }
    #expect(sizes[0] < sizes[1] * 2 / 3)
    #expect(try generate("unexported", "--count", "2", "--seed", "3").code == 0)
    let outcome = try CommandRunner.run(
      "generate", small, "-o", model.folder.file("exported"), "--count", "2", "--seed", "3")
    #expect(outcome.code == 0, "\(outcome.errors)")
    for (name, values) in try maps("unexported") {
      let got = try #require(try maps("exported")[name])
      let scale = values.map(abs).max() ?? 1
      #expect(zip(got, values).allSatisfy { abs($0 - $1) < 0.02 * scale })
    }
    let refused = try CommandRunner.run("export", model.run, "-o", small)
    #expect(refused.code == 1 && refused.errors.contains("--overwrite"))
  }

  @Test func unusableModelsAreClearErrors() throws {
    let model = try Self.smoke.get()
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(model.run)/model.safetensors"))
    let damaged = model.folder.file("damaged.safetensors")
    var flipped = whole
    flipped[whole.count - 5] ^= 1
    let checkpoint = try #require(
      FileManager.default.contentsOfDirectory(atPath: "\(model.run)/checkpoints").first)
    for (bytes, expected) in [
      (whole.prefix(whole.count / 2), "truncated"), (Data(), "too short"), (flipped, "checksum"),
      (Data("not a model at all".utf8), "not a safetensors file"),
      (
        try Data(contentsOf: URL(fileURLWithPath: "\(model.run)/checkpoints/\(checkpoint)")),
        "give a run folder"
      ),
    ] as [(Data, String)] {
      try bytes.write(to: URL(fileURLWithPath: damaged))
      let outcome = try CommandRunner.run(
        "generate", damaged, "-o", model.folder.file("never"), "--count", "1")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains(damaged) && outcome.errors.contains(expected))
      #expect(!FileManager.default.fileExists(atPath: model.folder.file("never")))
    }
    let missing = try CommandRunner.run("generate", "/no/model", "-o", model.folder.file("never"))
    #expect(missing.code == 1 && missing.errors.contains("/no/model"))
  }

  @Test func argumentsOutOfRangeAreUsageOrClearErrors() throws {
    #expect(try generate("x", "--count", "0").errors.contains("count is 0"))
    #expect(try generate("x", "--format", "bmp").errors.contains("bmp"))
    #expect(try generate("x", "--device", "tpu").errors.contains("cuda:N"))
    #expect(try !FileManager.default.fileExists(atPath: path("x")))
  }
}
