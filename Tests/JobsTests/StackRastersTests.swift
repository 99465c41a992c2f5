import DurableFiles
import Foundation
import RasterIO
import TestSupport
import Testing

@testable import Jobs
@testable import StackFiles

/// Heights and coherence that do not lie on the rate map's grid.
struct StackRastersTests {
  private func write(
    _ name: String, in fixture: StackFixture, rows: Int, columns: Int, _ value: (Int) -> Float
  ) throws -> String {
    let path = fixture.folder.file(name)
    try FileManager.default.createDirectory(
      atPath: FilePath.folder(path), withIntermediateDirectories: true)
    try NpyArray(shape: [rows, columns], values: (0..<rows * columns).map(value)).write(to: path)
    return path
  }

  private func configuration() -> ComposeConfiguration {
    var configuration = StackFixture.configuration()
    configuration.model.components.append(.stratification)
    return configuration
  }

  private func manifest(
    _ fixture: StackFixture, _ configuration: ComposeConfiguration,
    _ rasters: StackComposition.Rasters = .init(), to name: String = "stack"
  ) throws -> StackManifest {
    let output = fixture.folder.file(name)
    try fixture.composition(configuration, rasters: rasters).run(output: output)
    return try StackSource.readManifest(output)
  }

  private func array(_ fixture: StackFixture, _ name: String) throws -> [Float] {
    try NpyArray.read(fixture.folder.file(name)).values
  }

  @Test func aLargerDEMIsCroppedAndTheManifestSaysWhere() throws {
    let fixture = try StackFixture()
    let dem = try write("dem.npy", in: fixture, rows: 60, columns: 80) { Float($0) }
    let manifest = try manifest(fixture, configuration(), .init(dem: dem))
    let origin = try #require(manifest.heights)
    #expect(origin.kind == .crop && origin.file == "dem.npy")
    let (row, column) = (try #require(origin.row), try #require(origin.column))
    let heights = try array(fixture, "stack/dem.npy")
    for place in [0, 25, StackFixture.width * StackFixture.height - 1] {
      let (y, x) = (place / StackFixture.width, place % StackFixture.width)
      #expect(heights[place] == Float((row + y) * 80 + column + x))
    }
    // Another seed, another crop; the same seed, the same.
    var other = configuration()
    other.seed = 99
    let second = try self.manifest(fixture, other, .init(dem: dem), to: "other")
    #expect(second.heights != origin)
    let again = try self.manifest(fixture, configuration(), .init(dem: dem), to: "again")
    #expect(again.heights == origin)
  }

  @Test func withoutADEMHeightsAreSynthetic() throws {
    let fixture = try StackFixture()
    var settings = configuration()
    settings.heights.rmsDifferenceMeters = 100
    let manifest = try manifest(fixture, settings)
    #expect(manifest.heights == RasterOrigin(kind: .synthetic))
    #expect(manifest.truth.map(\.name).contains("dem"))
    let heights = try array(fixture, "stack/dem.npy")
    #expect(heights.min() == 0 && (heights.max() ?? 0) > 20)
    #expect(manifest.coherence == nil)
  }

  @Test func aGivenDEMOfTheSameShapeIsUsedAsItIs() throws {
    let fixture = try StackFixture()
    let dem = try write(
      "dem.npy", in: fixture, rows: StackFixture.height, columns: StackFixture.width
    ) { Float($0 % 7) }
    let manifest = try manifest(fixture, configuration(), .init(dem: dem))
    #expect(manifest.heights == RasterOrigin(kind: .file, file: "dem.npy"))
    #expect(try array(fixture, "stack/dem.npy") == array(fixture, "dem.npy"))
  }

  @Test func coherenceMapsOfAFolderAreCropped() throws {
    let fixture = try StackFixture()
    for (index, name) in ["maps/a.npy", "maps/b.npy"].enumerated() {
      _ = try write(name, in: fixture, rows: 50, columns: 50) {
        $0 % 50 == 0 ? .nan : Float(index) * 0.5 + Float($0 / 50) / 100
      }
    }
    var files: Set<String> = []
    for seed in 0..<8 as Range<UInt64> {
      var settings = StackFixture.configuration()
      settings.seed = seed
      settings.model.decorrelation.initialCoherence = 1
      settings.model.decorrelation.finalCoherence = 1
      settings.network.baselineStandardDeviationMeters = 0
      let name = "stack\(seed)"
      let manifest = try manifest(
        fixture, settings, .init(coherence: fixture.folder.file("maps")), to: name)
      let origin = try #require(manifest.coherence)
      let file = try #require(origin.file)
      files.insert(file)
      let coherence = try array(fixture, "\(name)/\(manifest.pairs[0].name)/coherence.npy")
      let place = 10 * StackFixture.width + 5
      let expected =
        Float(file == "a.npy" ? 0 : 0.5) + Float((try #require(origin.row)) + 10) / 100
      let isHole = try #require(origin.column) + 5 == 0
      #expect(abs(coherence[place] - (isHole ? 0 : expected)) < 1e-5)
    }
    #expect(files == ["a.npy", "b.npy"])
  }

  @Test func faultsNameTheFileAndTheRemedy() throws {
    let fixture = try StackFixture()
    let small = try write("small.npy", in: fixture, rows: 10, columns: 90) { _ in 0.5 }
    let holed = try write("holed.npy", in: fixture, rows: 60, columns: 60) { _ in .nan }
    let wild = try write("wild.npy", in: fixture, rows: 60, columns: 60) { _ in 1.5 }
    try FileManager.default.createDirectory(
      atPath: fixture.folder.file("empty"), withIntermediateDirectories: true)
    let cases: [(StackComposition.Rasters, [String])] = [
      (.init(dem: small), ["small.npy", "10 rows and 90 columns", "larger DEM"]),
      (.init(dem: holed), ["holed.npy", "missing heights"]),
      (.init(coherence: small), ["small.npy", "larger coherence map"]),
      (.init(coherence: holed), ["holed.npy", "without data"]),
      (.init(coherence: wild), ["wild.npy", "1.5", "0 to 1"]),
      (.init(coherence: fixture.folder.file("empty")), ["empty", "no coherence map"]),
    ]
    for (rasters, words) in cases {
      #expect {
        _ = try manifest(fixture, configuration(), rasters)
      } throws: { error in words.allSatisfy { "\(error)".contains($0) } }
      #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("stack")))
    }
  }

  @Test func aFilteredPhaseIsWrittenBesideTheOther() throws {
    let fixture = try StackFixture()
    var settings = StackFixture.configuration()
    settings.model.goldstein.alpha = 0.8
    settings.model.goldstein.windowPixels = 8
    let manifest = try manifest(fixture, settings)
    #expect(
      manifest.layers.map(\.name).prefix(4) == ["unwrapped", "wrapped", "filtered", "coherence"])
    let pair = manifest.pairs[0].name
    #expect(try array(fixture, "stack/\(pair)/filtered.npy").count { $0.isNaN } == 9)
  }

  @Test func stacksWithOtherSettingsCanBeRead() throws {
    let fixture = try StackFixture()
    _ = try manifest(fixture, StackFixture.configuration())
    let path = fixture.folder.file("stack/manifest.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("\"textureMeters\"", with: "\"forgotten\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let found = try StackSource.readManifest(fixture.folder.file("stack"))
    #expect(found.configuration == nil && found.stackSeed == 5)
  }
}
