import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

/// The same ground in files that count toward the satellite and away from it: every command takes
/// them for the same.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the release build of ganinsar"))
struct LOSSignTests {
  private let folder: TemporaryFolder
  private let georeference = Georeference(
    geotransform: [140, 0.001, 0, 36, 0, -0.001], crsWKT: Georeference.wgs84WKT)

  init() throws { folder = try TemporaryFolder() }

  static let formats: [RasterFormat] = RasterFormat.tif.isAvailable ? [.tif, .npy] : [.npy]

  /// Folders `toward/` and `away/` with two maps of subsidence each, and what states their sign.
  private func write(_ format: RasterFormat) throws -> (toward: String, away: String) {
    for convention in LOSConvention.allCases {
      let path = folder.file(convention.word)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for index in 0..<2 {
        let values = (0..<64 * 64).map { place -> Float in
          let (row, column) = (Float(place / 64 - 32 + 9 * index), Float(place % 64 - 32))
          let rate = -20 * expf(-(row * row + column * column) / 900) - column / 30
          return rate * Float(convention.factorTowardSatellite)
        }
        try RasterWriter.write(
          Raster(
            width: 64, height: 64, values: values, unit: .centimetersPerYear,
            georeference: georeference),
          to: "\(path)/map-\(index).\(format.rawValue)", format: format,
          options: RasterWriteOptions(losConvention: convention))
      }
      if format == .npy {
        let text = #"{"unit": "cm/yr", "signConvention": "\#(convention.rawValue)"}"#
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/manifest.json"))
      }
    }
    return (folder.file("toward"), folder.file("away"))
  }

  private func run(_ arguments: String...) throws -> CommandRunner.Outcome {
    let outcome = try CommandRunner.run(arguments)
    #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }

  private func values(_ path: String) throws -> [Float] { try NpyArray.read(path).values }

  @Test(arguments: formats)
  func awayFromTheSatelliteComesOutTheSameEverywhere(format: RasterFormat) throws {
    let (toward, away) = try write(format)
    let map = "map-1.\(format.rawValue)"
    for (name, path) in [("t", toward), ("a", away)] {
      let prepared = try run("prepare", "\(path)/\(map)", "-o", folder.file("\(name)-set"))
      #expect(prepared.errors.contains("turned, so that toward is positive") == (name == "a"))
      _ = try run(
        "patches", path, "-o", folder.file("\(name)-maps.npy"), "--count", "6", "--size", "16")
      _ = try run(
        "patches", folder.file("\(name)-set"), "-o", folder.file("\(name)-drawn.npy"), "--count",
        "6", "--size", "16", "--no-filter")
      let composed = try run(
        "compose", "\(path)/\(map)", "-o", folder.file("\(name)-stack"), "--set",
        "network.count=2", "--set", "model.components=[deformation]", "--set",
        "geometry.pixelSizeMeters=100")
      #expect(composed.errors.contains("turned, so that toward is positive") == (name == "a"))
      _ = try run(
        "compose", path, "-o", folder.file("\(name)-samples"), "--samples", "npy", "--set",
        "network.count=2", "--set", "model.components=[deformation]", "--set",
        "geometry.pixelSizeMeters=100")
    }
    for file in ["set/scenes/map-1.npy", "maps.npy", "drawn.npy", "stack/rate.npy"] {
      let expected = try values(folder.file("t-\(file)"))
      #expect(try values(folder.file("a-\(file)")) == expected, "\(file)")
    }
    #expect(try values(folder.file("a-set/scenes/map-1.npy"))[23 * 64 + 32] < -19)

    // Evaluated against each other, all measures are those of equal sets.
    _ = try run(
      "evaluate", "--real", toward, "--set", "away=\(away)", "-o", folder.file("evaluation"),
      "--resamples", "0", "--no-cache")
    struct Record: Decodable {
      struct Part: Decodable { var patchesSHA256: String }
      var signConvention: String
      var real: Part
      var sets: [Part]
    }
    let record = try JSONDecoder().decode(
      Record.self,
      from: Data(contentsOf: URL(fileURLWithPath: folder.file("evaluation/metrics.json"))))
    #expect(record.real.patchesSHA256 == record.sets[0].patchesSHA256)
    #expect(record.signConvention.contains("positive toward the satellite"))
    for manifest in ["a-set/dataset.json", "a-stack/manifest.json", "a-samples/dataset.json"] {
      let text = try String(contentsOfFile: folder.file(manifest), encoding: .utf8)
      #expect(text.contains("positive toward the satellite"), "\(manifest)")
    }
  }

  /// What generate writes counts toward the satellite, whatever the file counts whose grid it takes;
  /// its arrays and their manifest go anywhere without an option.
  @Test func generatedMapsCountTowardTheSatellite() throws {
    let format = Self.formats[0]
    let like = "\(try write(format).away)/map-0.\(format.rawValue)"
    let model = "\(CommandRunner.root)/models"
    let file = try #require(
      FileManager.default.contentsOfDirectory(atPath: model).first {
        $0.hasSuffix(".safetensors")
      })
    let maps = folder.file("maps")
    _ = try run(
      [
        "generate", "\(model)/\(file)", "-o", maps, "--count", "2", "--format",
        "npy,\(format.rawValue)",
      ]
        + (format == .tif ? ["--like", like] : []))
    let array = try values("\(maps)/sample-00000001.npy")
    if format == .tif {
      let scene = try RasterReader.read("\(maps)/sample-00000001.tif")
      #expect(scene.description.losConvention == .towardSatellite)
      #expect(scene.raster.values == array)
      #expect(scene.raster.georeference?.geotransform == georeference.geotransform)
    }
    let info = try run("info", "\(maps)/sample-00000001.npy")
    #expect(info.output.contains("cm/yr (the manifest beside it)"))
    #expect(info.output.contains("positive toward the satellite (the manifest beside it)"))
    let prepared = try run("prepare", "\(maps)/sample-00000001.npy", "-o", folder.file("set"))
    #expect(!prepared.errors.contains("sign"))
    #expect(try values(folder.file("set/scenes/sample-00000001.npy")) == array)
    let composed = try run(
      "compose", "\(maps)/sample-00000001.npy", "-o", folder.file("stack"), "--set",
      "network.count=2", "--set", "model.components=[deformation]", "--set",
      "geometry.pixelSizeMeters=100")
    #expect(!composed.errors.contains("sign"))
    #expect(try values(folder.file("stack/rate.npy")) == array)
    // And the rate of a stack, which its manifest knows too.
    _ = try run("prepare", folder.file("stack/rate.npy"), "-o", folder.file("again"))
    #expect(try values(folder.file("again/scenes/rate.npy")) == array)
  }

  @Test func theOptionStatesWhatFilesDoNotAndIsRefusedWhereTheySayOtherwise() throws {
    let (_, away) = try write(.npy)
    let path = "\(away)/map-0.npy"
    let stated = try values(path)
    for command in ["prepare", "compose"] {
      let refused = try CommandRunner.run(
        command, path, "-o", folder.file("no"), "--los-sign", "toward")
      #expect(refused.code == 1 && refused.errors.contains("the manifest beside it"))
      #expect(!FileManager.default.fileExists(atPath: folder.file("no")))
    }
    try FileManager.default.removeItem(atPath: "\(away)/manifest.json")
    let silent = try run("prepare", path, "--unit", "cm/yr", "-o", folder.file("silent"))
    #expect(silent.errors.contains("the sign is not stated"))
    #expect(try values(folder.file("silent/scenes/map-0.npy")) == stated)
    for (name, option) in [
      ("all", ["--los-sign", "away"]), ("one", ["--los-sign-of", "map-0=away"]),
    ] {
      _ = try run(["prepare", path, "--unit", "cm/yr", "-o", folder.file(name)] + option)
      #expect(try values(folder.file("\(name)/scenes/map-0.npy")) == stated.map { -$0 })
    }
    _ = try run(
      "patches", away, "--unit", "cm/yr", "--los-sign", "away", "-o", folder.file("p.npy"),
      "--count", "1", "--size", "32")
    #expect(try values(folder.file("p.npy")).allSatisfy { $0 < 3 })
    let wrong = try CommandRunner.run("info", path, "--los-sign", "up")
    #expect(wrong.code == 64, "\(wrong.errors)")
    #expect(wrong.errors.contains("toward") && wrong.errors.contains("away"), "\(wrong.errors)")
  }

  private func run(_ arguments: [String]) throws -> CommandRunner.Outcome {
    let outcome = try CommandRunner.run(arguments)
    #expect(outcome.code == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }
}
