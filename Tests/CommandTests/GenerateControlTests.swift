import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

/// `ganinsar generate` with windows and controls, with the models that ship.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"))
struct GenerateControlTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func generate(_ name: String, _ arguments: [String]) throws -> CommandRunner.Outcome {
    try CommandRunner.run(["generate", "-o", folder.file(name), "--count", "2"] + arguments)
  }

  private func map(_ name: String, _ index: Int = 0) throws -> NpyArray {
    try NpyArray.read(folder.file("\(name)/sample-0000000\(index).npy"))
  }

  private func manifest(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("\(name)/manifest.json")))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func windowsFit() throws {
    #expect(try generate("whole", ["--window", "-20,30,60,50"]).code == 0)
    #expect(try generate("part", ["--window", "-5,40,20,10"]).code == 0)
    let (whole, part) = (try map("whole", 1), try map("part", 1))
    #expect(whole.shape == [50, 60] && part.shape == [10, 20])
    let scale = whole.values.map(abs).max() ?? 1
    for row in 0..<10 {
      for column in 0..<20 {
        let same = whole.values[(row + 10) * 60 + column + 15]
        #expect(abs(part.values[row * 20 + column] - same) < 1e-4 * scale)
      }
    }
  }

  @Test func controlsChangeTheMapsAndStandInTheManifest() throws {
    let size = ["--size", "32"]
    #expect(try generate("plain", size).code == 0)
    let plain = try map("plain").values
    for (name, arguments, key) in [
      ("strong", ["--spread", "8..20"], "spread"), ("mean", ["--mean", "-15..-5"], "mean"),
      ("truncated", ["--truncation", "0.3"], "truncation"),
      ("quiet", ["--quiet-fraction", "0.9..1"], "quietFraction"),
      ("styled", ["--style", "coso_d071:2,bhutan_landslide"], "style"),
    ] {
      let outcome = try generate(name, size + arguments)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let values = try map(name).values
      #expect(values != plain && values.allSatisfy(\.isFinite))
      let options = try #require(try manifest(name)["options"] as? [String: Any])
      #expect(options[key] != nil)
    }
    let mean = try map("mean").values
    #expect(mean.reduce(0, +) / Float(mean.count) < -4)
  }

  @Test func outliersAreDrawnAgain() throws {
    #expect(try generate("free", ["--size", "32", "--spread", "10..100"]).code == 0)
    let free = try (0..<2).flatMap { try map("free", $0).values }.map(abs).max() ?? 0
    let outcome = try generate(
      "bounded", ["--size", "32", "--spread", "10..100", "--max-rate", "\(free * 0.9)"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let bounded = try (0..<2).flatMap { try map("bounded", $0).values }.map(abs).max() ?? 0
    #expect(bounded <= free * 0.9)
    #expect((try manifest("bounded")["rejected"] as? Int ?? 0) > 0)
    let hopeless = try generate("hopeless", ["--size", "32", "--max-rate", "1e-6"])
    #expect(
      hopeless.code == 1 && hopeless.errors.contains("allow greater ones"), "\(hopeless.errors)")
  }

  /// What is wrong is named, nothing is written.
  @Test(arguments: [
    (["--window", "1,2,3"], "use X,Y,WIDTH,HEIGHT"), (["--window", "0,0,0,5"], "the size is"),
    (["--window", "0,0,8,8", "--size", "8"], "a window has its own size"),
    (["--window", "0,0,8,8", "--max-rate", "50"], "cannot be drawn again"),
    (["--window", "9999999999,0,8,8"], "use positions from"),
    (["--spread", "5..2"], "--spread is '5..2'"), (["--spread", "5"], "LOW..HIGH"),
    (["--spread", "-3..-1"], "use positive numbers"), (["--spread", "1e6..2e6"], "wider ranges"),
    (["--mean", "a..b"], "--mean is 'a..b'"), (["--mean", "0..nan"], "--mean is"),
    (["--quiet-fraction", "2..3"], "outside 0 to 1"),
    (["--quiet-fraction", "x"], "give LOW..HIGH in fractions"),
    (["--style", "atlantis"], "not trained on a scene 'atlantis'"),
    (["--style", "coso_d071:0"], "a positive weight"), (["--style", ""], "--style is ''"),
    (["--style", "coso_d071:x"], "a positive weight"),
    (["--style", "coso_d071,coso_d071"], "names 'coso_d071' twice"),
    (["--truncation", "0"], "the truncation is 0"), (["--truncation", "1.5"], "at most 1"),
    (["--max-rate", "0"], "the greatest rate is 0"), (["--steps", "5"], "--steps needs"),
    (["--interpolate", "2", "--steps", "1"], "the number of steps is 1"),
    (["--coarse-factor", "4"], "need --coarse"),
    (["--coarse", "missing.tif"], "missing.tif"),
  ])
  func badInputIsNamed(arguments: [String], message: String) throws {
    let outcome = try generate("bad", arguments)
    #expect(outcome.code != 0)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("bad")))
  }

  #if GDAL
    private func writeRaster(_ values: [Float], width: Int, unit: RasterUnit? = .centimetersPerYear)
      throws -> String
    {
      let path = folder.file("raster.tif")
      try RasterWriter.write(
        Raster(
          width: width, height: values.count / width, values: values, unit: unit,
          georeference: nil),
        to: path, format: .tif, options: RasterWriteOptions(losConvention: .towardSatellite))
      return path
    }

    @Test func coarseMapsKeepTheirMeans() throws {
      let values = (0..<35).map { (index: Int) -> Float in
        Float(index % 7) - 3 + 0.3 * Float(index / 7)
      }
      let path = try writeRaster(values, width: 7)
      let outcome = try generate("detail", ["--coarse", path, "--coarse-factor", "16"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      let map = try map("detail", 1)
      #expect(map.shape == [80, 112])
      for (block, expected) in values.enumerated() {
        var sum: Float = 0
        for row in 0..<16 {
          for column in 0..<16 {
            sum += map.values[(block / 7 * 16 + row) * 112 + block % 7 * 16 + column]
          }
        }
        #expect(abs(sum / 256 - expected) < 1e-3)
      }
    }

    @Test(arguments: [
      (["--coarse-factor", "5"], "use 4, 16 or 64"), (["--size", "64"], "sets the size"),
      (["--detail-strength", "0"], "a number above 0"), (["--detail-floor", "2"], "use 0 to 1"),
      (["--truncation", "0.5"], "the other controls"),
    ])
    func badCoarseInputIsNamed(arguments: [String], message: String) throws {
      let path = try writeRaster([1, 2, 3, 4], width: 2)
      let outcome = try generate("bad", ["--coarse", path] + arguments)
      #expect(outcome.code != 0 && outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("bad")))
    }

    @Test func coarseMapsWithoutValuesAreRefused() throws {
      let path = try writeRaster([.nan, .nan, .nan, .nan], width: 2)
      let outcome = try generate("bad", ["--coarse", path])
      #expect(outcome.code == 1 && outcome.errors.contains("has no value"), "\(outcome.errors)")
    }
  #endif
}
