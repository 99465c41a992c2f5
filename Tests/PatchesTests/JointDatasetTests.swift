import Foundation
import Kernel
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import Datasets
@testable import Jobs
@testable import Patches

/// Scenes with several quantities, from rasters to patches.
@Suite struct JointDatasetTests {
  private let folder: TemporaryFolder
  private let side = 40
  init() throws { folder = try TemporaryFolder() }

  private func source(_ name: String, _ values: [Float], unit: RasterUnit?, side: Int? = nil)
    -> SourceScene
  {
    let side = side ?? self.side
    return SourceScene(
      path: "/data/\(name).tif", name: "etna",
      raster: Raster(width: side, height: values.count / side, values: values, unit: unit),
      unitSource: "test")
  }

  /// Rates without data in the first pixel; coherence of 0 to 1 without data in the last one; heights in
  /// km for m.
  private var rates: [Float] { (0..<side * side).map { $0 == 0 ? .nan : Float($0 % 37) - 18 } }
  private var coherence: [Float] {
    (0..<side * side).map { $0 == side * side - 1 ? .nan : Float($0 % 101) / 100 }
  }
  private var heights: [Float] { (0..<side * side).map { Float($0) } }

  private func prepared(_ preparation: ScenePreparation = ScenePreparation()) throws
    -> [PreparedScene]
  {
    try preparation.prepare(
      source("rate", rates, unit: .metersPerYear),
      with: [
        CompanionSource(.coherence, source("coh", coherence, unit: nil)),
        CompanionSource(.height, source("dem", heights, unit: .centimeters)),
      ])
  }

  @Test func mapsShareHolesAndKeepTheirUnits() throws {
    let scene = try #require(try prepared().first)
    let maps = scene.scene.channels.map(\.values)
    #expect(maps.count == 3)
    for map in maps {
      #expect(map.indices.filter { map[$0].isNaN } == [0, side * side - 1])
    }
    #expect(maps[0][1] == rates[1] * 100)
    #expect(maps[1][55] == coherence[55])
    #expect(maps[2][200] == 2)
    #expect(scene.companions.map(\.quantity) == [.coherence, .height])
    #expect(scene.companions[1].origin.factorToCMPerYear == 0.01)
    #expect(scene.companions[1].statistics.maximum == Double(maps[2][side * side - 2]))
    #expect(scene.notes.contains { $0.hasPrefix("1 of its 1599 pixels with data are left out") })
  }

  @Test func onlyTheSceneItselfIsHarmonizedAndAllAreDivided() throws {
    var preparation = ScenePreparation()
    preparation.harmonisation = .init()
    preparation.halves = .split
    let halves = try prepared(preparation)
    #expect(halves.map(\.scene.isHeldOut) == [false, true])
    #expect(halves[1].scene.channels.map(\.width) == [20, 20, 20])
    #expect(halves[1].scene.companions[0].values[0] == coherence[20])
    #expect(halves[0].origin.harmonisationFactor != 1)
    #expect(halves[0].companions.allSatisfy { $0.origin.harmonisationFactor == 1 })
  }

  @Test func whatDoesNotGoTogetherIsRefused() {
    func text(_ companions: [CompanionSource]) -> String {
      message {
        _ = try ScenePreparation().prepare(
          source("rate", rates, unit: .centimetersPerYear), with: companions)
      }
    }
    let small = text([
      CompanionSource(
        .coherence,
        source("coh", [Float](repeating: 0.5, count: 599) + [0.6], unit: .one, side: 30))
    ])
    for part in ["/data/coh.tif", "30 x 20", "/data/rate.tif", "40 x 40", "resampled"] {
      #expect(small.contains(part), "\(small)")
    }
    #expect(
      text([CompanionSource(.rate, source("b", rates, unit: .centimetersPerYear))])
        .contains("what the scenes themselves hold"))
    #expect(
      text([CompanionSource(.height, source("dem", heights, unit: nil))]).contains(
        "\(OptionName.unitOf("height=m"))"))
    // Data only where the rates have none.
    var elsewhere = [Float](repeating: .nan, count: side * side)
    elsewhere[0] = 0.1
    var partly = rates
    partly[1] = .nan
    elsewhere[1] = 0.3
    let apart = message {
      _ = try ScenePreparation().prepare(
        source("rate", partly, unit: .centimetersPerYear),
        with: [CompanionSource(.coherence, source("coh", elsewhere, unit: .one))])
    }
    #expect(apart.contains("/data/rate.tif") && apart.contains("/data/coh.tif"), "\(apart)")
  }

  @Test func aDatasetComesBackAndDamageIsFound() throws {
    let path = folder.file("dataset")
    try DatasetFolder.write(to: path, preparation: ScenePreparation()) { dataset in
      for scene in try prepared() { try dataset.add(scene) }
    }
    let text = try String(contentsOfFile: "\(path)/dataset.json", encoding: .utf8)
    #expect(text.contains("\"formatVersion\" : 3") && !text.contains("CMPerYear"))
    let dataset = try RateDataset.open(path)
    #expect(dataset.quantities == [.rate, .coherence, .height])
    let expected = try #require(try prepared().first).scene
    for (found, map) in zip(dataset.scenes[0].channels, expected.channels) {
      #expect(sameBits(found.values, map.values))
    }
    let file = "\(path)/coherence/etna.npy"
    var array = try NpyArray.read(file)
    array.values[7] = .nan
    try NpyArray(shape: array.shape, values: array.values).write(to: file)
    #expect(message { _ = try RateDataset.open(path) }.contains("coherence/etna.npy"))
  }

  /// A companion that is twice the rate stays so through window, scale, holes, zoom and orientation; the
  /// offset and the gain do not reach it.
  @Test(arguments: [false, true]) func aPatchIsOneWindowOfAllQuantities(zooms: Bool) throws {
    let grid = syntheticGrid(width: 90, height: 70, seed: 1, holeShare: 0.03)
    let twice = RateGrid(
      width: grid.width, height: grid.height, values: grid.values.map { 2 * $0 })
    var configuration = PatchLoaderConfiguration()
    configuration.filter = ConditionalFilter(theta: 0.6)
    configuration.augmentation.minimumGain = 3
    configuration.augmentation.maximumGain = 3
    if zooms {
      configuration.augmentation.maximumZoom = 1.3
      configuration.augmentation.maximumRotationDegrees = 20
    }
    func sampler(_ companions: [RateGrid]) throws -> PatchSampler {
      try PatchSampler(
        scenes: [RateScene(name: "a", grid: grid, companions: companions)],
        configuration: configuration, patchSize: 24, seed: 7)
    }
    let (joint, alone) = (try sampler([twice]), try sampler([]))
    for index in 0..<40 {
      let patch = try joint.patch(at: index)
      #expect(patch.channels == 2 && patch.values.count == 2 * 576 && patch.offsetCMPerYear != 0)
      #expect(!patch.values.contains { $0.isNaN })
      // The first quantity is what it would be alone.
      #expect(sameBits(Array(patch.values.prefix(576)), try alone.patch(at: index).values))
      for (rate, other) in zip(patch.channel(0), patch.channel(1)) {
        #expect(abs(rate / 3 * 2 - other) < 1e-4 * max(1, abs(other)))
      }
    }
    let batch = try joint.batch(firstIndex: 0, count: 3).batch
    #expect(batch.channels == 2 && batch.values.count == 3 * 2 * 576)
    #expect(Array(batch.values[1152..<2304]) == (try joint.patch(at: 1).values))
  }

  @Test func filesAreFoundByOrderOrByName() throws {
    let scenes = [folder.file("a.npy"), folder.file("b.npy")]
    try FileManager.default.createDirectory(
      atPath: folder.file("coh"), withIntermediateDirectories: true)
    for name in ["a", "b"] {
      try NpyArray(shape: [side, side], values: rates).write(to: folder.file("\(name).npy"))
      try NpyArray(shape: [side, side], values: coherence)
        .write(to: folder.file("coh/\(name).npy"))
    }
    let byName = CompanionFiles(.coherence, [folder.file("coh")])
    #expect(
      try byName.files(forScenes: scenes) == [folder.file("coh/a.npy"), folder.file("coh/b.npy")])
    let few = CompanionFiles(.coherence, [folder.file("coh/a.npy")])
    #expect(message { _ = try few.files(forScenes: scenes) }.contains("1 file for 2 scenes"))
    #expect(
      message { _ = try byName.files(forScenes: [folder.file("c.npy")]) }.contains("no raster c"))

    let output = folder.file("data")
    var reading = RasterReadOptions()
    reading.unit = .centimetersPerYear
    let report = try DatasetPreparation(reading: reading).run(
      files: scenes, with: [byName], output: output)
    #expect(report.text.contains("coherence") && report.manifest.companions == [.coherence])

    // The first quantity with the others beside it, or the one that is asked for.
    let both = try PatchSetReader(count: 4, patchSize: 16).read(output, name: "real")
    #expect(both.quantity == .rate && both.companions.map(\.quantity) == [.coherence])
    let own = try PatchSetReader(count: 4, patchSize: 16, quantity: .coherence)
      .read(output, name: "real")
    #expect(own.quantity == .coherence && own.companions.isEmpty)
    #expect(own.patches == both.companions[0].patches)
    #expect(both.part(1..<3).companions[0].patches == Array(own.patches[1..<3]))
  }

  @Test func georeferencedRastersAreResampled() throws {
    guard RasterFormat.tif.isAvailable else { return }
    func write(_ name: String, side: Int, step: Double, _ value: (Double, Double) -> Float) throws {
      let values = (0..<side * side).map { index in
        value((Double(index % side) + 0.5) * step, (Double(index / side) + 0.5) * step)
      }
      try RasterWriter.write(
        Raster(
          width: side, height: side, values: values,
          unit: name == "dem" ? .meters : .centimetersPerYear,
          georeference: Georeference(
            geotransform: [14, step / 1000, 0, 41, 0, -step / 1000], crsWKT: Georeference.wgs84WKT)),
        to: folder.file("\(name).tif"), format: .tif)
    }
    try write("rate", side: 40, step: 1) { x, y in Float(x - y) }
    try write("dem", side: 25, step: 2) { x, y in Float(3 * x + y) }
    let output = folder.file("joint")
    _ = try DatasetPreparation().run(
      files: [folder.file("rate.tif")],
      with: [CompanionFiles(.height, [folder.file("dem.tif")])], output: output)
    let scene = try RateDataset.open(output).scenes[0]
    let (rate, height) = (scene.grid.values, scene.companions[0].values)
    let place = 10 * 40 + 20
    #expect(abs(rate[place] - Float(20.5 - 10.5)) < 1e-4)
    #expect(abs(height[place] - Float(3 * 20.5 + 10.5)) < 1e-3)
  }
}
