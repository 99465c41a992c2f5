import DurableFiles
import Foundation
import InSARPhase
import RasterIO
import TestSupport
import Testing

@testable import Jobs
@testable import StackFiles

struct StackCompositionTests {
  @Test func theFolderHoldsEveryComponentAndSaysWhatItIs() throws {
    let fixture = try StackFixture()
    let output = fixture.folder.file("stack")
    var counts: [Int] = []
    try fixture.composition().run(output: output) { counts.append($0) }

    let manifest = try StackSource.readManifest(output)
    #expect(counts == Array(1...manifest.pairs.count))
    #expect(
      manifest.layers.map(\.name) == [
        "unwrapped", "wrapped", "coherence", "deformation", "topographic_error", "decorrelation",
      ])
    #expect(manifest.truth.map(\.name) == ["rate", "height_error"])
    #expect(manifest.signConvention.contains("-4 pi / wavelength"))
    #expect(manifest.inputs.map(\.file) == ["bowl.npy"])

    for pair in manifest.pairs.prefix(3) {
      func plane(_ name: String) throws -> [Float] {
        try NpyArray.read("\(output)/\(pair.name)/\(name).npy").values
      }
      let sum = zip(
        zip(try plane("deformation"), try plane("topographic_error")), try plane("decorrelation")
      )
      .map { $0.0 + $0.1 + $1 }
      let unwrapped = try plane("unwrapped")
      for (a, b) in zip(sum, unwrapped) where !(a.isNaN && b.isNaN) { #expect(a == b) }
      #expect(unwrapped.count { $0.isNaN } == 9)
      let rewrapped = wrapped(unwrapped)
      for (a, b) in zip(rewrapped, try plane("wrapped")) where !(a.isNaN && b.isNaN) {
        #expect(a == b)
      }
      let factor = -4 * Double.pi / 0.0554658 * 0.01 * Double(pair.days) / 365.25
      for (phase, rate) in zip(try plane("deformation"), StackFixture.rate()) where !rate.isNaN {
        #expect(abs(Double(phase) - factor * Double(rate)) < 1e-4)
      }
    }
  }

  @Test func theSameSeedGivesTheSameBytesAndAnotherDoesNot() throws {
    let fixture = try StackFixture()
    let paths = ["a", "b", "c"].map(fixture.folder.file)
    try fixture.composition().run(output: paths[0])
    try fixture.composition().run(output: paths[1])
    var configuration = StackFixture.configuration()
    configuration.seed = 6
    try fixture.composition(configuration).run(output: paths[2])
    #expect(try tree(paths[0]) == tree(paths[1]))
    #expect(try tree(paths[0]) != tree(paths[2]))
  }

  @Test func aFinishedStackIsKeptAndAnotherIsNotOverwritten() throws {
    let fixture = try StackFixture()
    let output = fixture.folder.file("stack")
    try fixture.composition().run(output: output)
    let before = try tree(output)
    try fixture.composition().run(output: output)  // the same job: nothing to do
    var configuration = StackFixture.configuration()
    configuration.network.count = 6
    #expect(throws: RunError.self) {
      try fixture.composition(configuration).run(output: output)
    }
    #expect(try tree(output) == before)
    try fixture.composition(configuration).run(output: output, existing: .replace)
    #expect(try StackSource.readManifest(output).network.acquisitions.count == 6)
  }

  @Test func severalRateMapsBecomeAFolderEach() throws {
    var fixture = try StackFixture()
    let other = fixture.folder.file("second.npy")
    try NpyArray(
      shape: [StackFixture.height, StackFixture.width], values: StackFixture.rate()
    ).write(to: other)
    fixture.rates.append(other)
    let output = fixture.folder.file("stacks")
    try fixture.composition().run(output: output)
    let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
    #expect(names == ["bowl", "second"])
    // The same rates, but other noise.
    let manifests = try names.map { try StackSource.readManifest("\(output)/\($0)") }
    #expect(manifests[0].stackSeed == 5)
    #expect(manifests[1].stackSeed != 5)
    let pair = manifests[0].pairs[0].name
    #expect(
      try NpyArray.read("\(output)/bowl/\(pair)/decorrelation.npy")
        != NpyArray.read("\(output)/second/\(pair)/decorrelation.npy"))
  }

  @Test func faultsNameTheirFilesAndNothingIsWritten() throws {
    let fixture = try StackFixture()
    let output = fixture.folder.file("stack")
    let small = fixture.folder.file("small.npy")
    try NpyArray(shape: [4, 5], values: [Float](repeating: 1, count: 20)).write(to: small)
    let holed = fixture.folder.file("holed.npy")
    var values = [Float](repeating: 0.5, count: StackFixture.width * StackFixture.height)
    values[100] = .nan
    try NpyArray(shape: [StackFixture.height, StackFixture.width], values: values).write(to: holed)
    let wild = fixture.folder.file("wild.npy")
    values[100] = 1.25
    try NpyArray(shape: [StackFixture.height, StackFixture.width], values: values).write(to: wild)

    let voids = fixture.folder.file("voids.npy")
    values[100] = -32768
    values[101] = -32768
    try NpyArray(shape: [StackFixture.height, StackFixture.width], values: values).write(to: voids)

    let cases: [(StackComposition.Rasters, [String])] = [
      (.init(dem: voids), ["voids.npy", "exactly -32768", "-a_nodata"]),
      (.init(dem: small), ["small.npy", "4 rows and 5 columns"]),
      (.init(dem: holed), ["holed.npy", "no height in 1 of the"]),
      (.init(heightError: holed), ["holed.npy", "no height error in 1"]),
      (.init(coherence: wild), ["wild.npy", "1.25"]),
      (.init(dem: "/no/dem.tif"), ["/no/dem.tif"]),
    ]
    for (rasters, expected) in cases {
      #expect {
        try fixture.composition(rasters: rasters).run(output: output)
      } throws: { error in
        expected.allSatisfy { "\(error)".contains($0) }
      }
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }

  @Test func samplesAreTheStacksInterferograms() throws {
    let fixture = try StackFixture()
    let composition = try fixture.composition()
    try composition.run(output: fixture.folder.file("stack"))
    try composition.exportSamples(
      format: .npy, output: fixture.folder.file("samples"), shard: .whole, shardBytes: 100_000)
    let manifest = try StackSource.readManifest(fixture.folder.file("stack"))
    let shards = try FileManager.default.contentsOfDirectory(
      atPath: fixture.folder.file("samples")
    ).filter { $0.hasPrefix("shard-") }.sorted()
    #expect(shards.count > 1)
    let phases = try shards.flatMap {
      try NpyArray.read(fixture.folder.file("samples/\($0)/wrapped.npy")).values
    }
    let expected = try manifest.pairs.flatMap {
      try NpyArray.read(fixture.folder.file("stack/\($0.name)/wrapped.npy")).values
    }
    #expect(phases.map(\.bitPattern) == expected.map(\.bitPattern))
  }
}
