import DurableFiles
import Foundation
import Jobs
import RasterIO
import Simulators
import TestSupport
import Testing

@Suite struct SimulationJobTests {
  let folder: TemporaryFolder
  let grid: SceneGrid

  init() throws {
    folder = try TemporaryFolder()
    grid = try SceneGrid(width: 40, height: 24, pixelSizeMeters: 500)
  }

  func job(count: Int = 3, seed: UInt64 = 1, formats: [RasterFormat] = [.npy]) throws
    -> SimulationJob
  {
    try SimulationJob(preset: .mixed, grid: grid, count: count, seed: seed, formats: formats)
  }

  func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  @Test func theFolderHoldsSamplesParametersAndManifest() throws {
    let output = folder.file("out put")
    var seen: [Int] = []
    try job(formats: [.npy, .png, .npy]).run(output: output) { seen.append($0) }
    #expect(seen == [1, 2, 3])
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    let expected =
      ["manifest.json"]
      + (0..<3).flatMap { index in
        ["json", "npy", "png"].map { "mixed_00000\(index).\($0)" }
      }
    #expect(names == expected)

    let manifest = try JSONDecoder().decode(
      SimulationManifest.self, from: try bytes("\(output)/manifest.json"))
    #expect(manifest.preset == "mixed" && manifest.seed == 1 && manifest.count == 3)
    #expect(manifest.unit == .centimetersPerYear)
    #expect(manifest.signConvention == "line of sight, positive toward the satellite")
    #expect(manifest.samples.map(\.index) == [0, 1, 2])
    for sample in manifest.samples {
      for file in sample.files + [sample.parameters] { #expect(names.contains(file)) }
    }
  }

  @Test func theRasterIsTheSceneOfTheSeed() throws {
    let output = folder.file("out")
    try job(seed: 42).run(output: output)
    let values = try ScenePreset.mixedScene(grid: grid, seed: 42, index: 2).rateCMPerYear()
    let array = try NpyArray.read("\(output)/mixed_000002.npy")
    #expect(array.shape == [24, 40])
    #expect(array.values == values)
  }

  /// Everything that makes a scene is in its parameter file: kinds, numbers, geometry, texture.
  @Test func parametersAreInTheOpen() throws {
    let output = folder.file("out")
    try job(count: 1).run(output: output)
    let scene = try ScenePreset.mixedScene(grid: grid, seed: 1, index: 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: bytes("\(output)/mixed_000000.json"))
        as? [String: Any])
    let sources = try #require(object["sources"] as? [[String: Any]])
    #expect(sources.count == scene.sources.count && !sources.isEmpty)
    for (record, source) in zip(sources, scene.sources) {
      #expect(record["kind"] as? String == type(of: source).kind)
      #expect(record.count > 1)
    }
    let geometry = try #require(object["lineOfSight"] as? [String: Any])
    let incidence = try #require(geometry["incidenceDegrees"] as? Double)
    #expect(abs(incidence - scene.lineOfSight.incidenceDegrees) < 1e-9)
    let texture = try #require(object["texture"] as? [String: Any])
    let slope = try #require(texture["spectralSlope"] as? Double)
    #expect(abs(slope - (scene.texture?.spectralSlope ?? 0)) < 1e-9)
  }

  @Test func theSameSeedWritesTheSameBytes() throws {
    try job(formats: RasterFormat.tif.isAvailable ? [.npy, .tif] : [.npy]).run(
      output: folder.file("a"))
    try job(count: 1, formats: RasterFormat.tif.isAvailable ? [.npy, .tif] : [.npy]).run(
      output: folder.file("b"))
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.file("b"))
    where name != "manifest.json" {
      #expect(try bytes(folder.file("a/\(name)")) == bytes(folder.file("b/\(name)")))
    }
  }

  @Test(.enabled(if: RasterFormat.tif.isAvailable, "needs GDAL"))
  func aGeoTIFFSaysUnitPlaceAndSign() throws {
    try job(count: 1, formats: [.tif]).run(output: folder.file("out"))
    let scene = try RasterReader.read(folder.file("out/mixed_000000.tif"))
    #expect(scene.raster.unit == .centimetersPerYear)
    #expect(scene.description.losConvention == .towardSatellite)
    #expect(
      scene.raster.georeference?.geotransform == [500_000, 500, 0, 4_512_000, 0, -500])
    #expect(scene.raster.georeference?.crsWKT.contains("UTM zone 33N") == true)
    #expect(
      scene.raster.values
        == (try ScenePreset.mixedScene(grid: grid, seed: 1, index: 0).rateCMPerYear()))
  }

  @Test func aFolderThatExistsIsLeftAlone() throws {
    let output = folder.file("mine")
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    try Data("keep".utf8).write(to: URL(fileURLWithPath: "\(output)/notes.txt"))
    #expect(throws: RunError.self) { try job().run(output: output) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: output) == ["notes.txt"])
  }

  /// A place that cannot be written to is an error, and nothing is left beside it.
  @Test func anUnusablePlaceIsAnError() throws {
    let blocked = folder.file("blocked")
    try Data("a file".utf8).write(to: URL(fileURLWithPath: blocked))
    #expect(throws: RunError.self) { try job().run(output: "\(blocked)/out") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["blocked"])
  }

  @Test func jobsThatCannotBeDoneAreErrors() {
    #expect(throws: SimulatorError.self) { try job(count: 0) }
    #expect(throws: SimulatorError.self) { try job(formats: []) }
  }
}
