import Foundation
import Rasters
import TestSupport
import Testing

@testable import Datasets
@testable import Patches

@Suite struct RateDatasetTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("dataset") }
  private let grids = [
    "one": syntheticGrid(width: 30, height: 20, seed: 1, holeShare: 0.2),
    "two": syntheticGrid(width: 25, height: 35, seed: 2),
  ]

  init() throws {
    folder = try TemporaryFolder()
    try write()
  }

  private func write(overwrite: Bool = false) throws {
    let preparation = ScenePreparation()
    try DatasetFolder.write(to: path, preparation: preparation, overwrite: overwrite) { dataset in
      for (name, grid) in grids.sorted(by: { $0.key < $1.key }) {
        let raster = Raster(
          width: grid.width, height: grid.height, values: grid.values, unit: .centimetersPerYear)
        var source = SourceScene(
          path: "simulated", name: name, raster: raster, unitSource: "simulated")
        source.isHeldOut = name == "two"
        for scene in try preparation.prepare(source) { try dataset.add(scene) }
      }
    }
  }

  private func edit(_ change: (inout [String: Any]) throws -> Void) throws {
    let file = "\(path)/dataset.json"
    let data = try Data(contentsOf: URL(fileURLWithPath: file))
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    try change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: file))
  }

  private func editScene(_ change: (inout [String: Any]) -> Void) throws {
    try edit { object in
      var scenes = try #require(object["scenes"] as? [[String: Any]])
      change(&scenes[0])
      object["scenes"] = scenes
    }
  }

  @Test func whatWasWrittenIsReadBackBitForBit() throws {
    let dataset = try RateDataset.open(path)
    #expect(dataset.scenes.map(\.name) == ["one", "two"])
    for scene in dataset.scenes {
      let written = try #require(grids[scene.name])
      #expect(sameBits(scene.grid.values, written.values))
    }
    #expect(dataset.trainingScenes.map(\.name) == ["one"])
    #expect(dataset.heldOutScenes.map(\.name) == ["two"])
    let one = try #require(grids["one"])
    let statistics = try #require(RateStatistics(one.values))
    #expect(
      abs(dataset.manifest.totals.standardDeviationCMPerYear - statistics.standardDeviation) < 1e-9)
  }

  @Test func theLoaderDrawsFromTrainingScenesOnly() throws {
    let loader = try PatchLoader(
      dataset: try RateDataset.open(path), configuration: tolerantConfiguration(), patchSize: 8,
      batchSize: 2, seed: 1)
    #expect(loader.sampler.scenes.map(\.name) == ["one"])
    #expect(try loader.next().values.count == 2 * 8 * 8)
  }

  private func tolerantConfiguration() -> PatchLoaderConfiguration {
    var configuration = plainConfiguration()
    configuration.maximumNoDataShare = 0.5
    return configuration
  }

  @Test func missingFolderManifestAndScene() throws {
    #expect(message { _ = try RateDataset.open("/nowhere") }.contains("ganinsar prepare"))
    #expect(message { _ = try RateDataset.open(folder.path) }.contains("this is not a dataset"))
    try FileManager.default.removeItem(atPath: "\(path)/scenes/one.npy")
    let text = message { _ = try RateDataset.open(path) }
    #expect(text.contains("scenes/one.npy: it is missing"))
  }

  @Test func truncatedAndChangedScenes() throws {
    let file = "\(path)/scenes/one.npy"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: file))
    #expect(message { _ = try RateDataset.open(path) }.contains("scenes/one.npy: it was changed"))
    var flipped = bytes
    flipped[bytes.count - 1] ^= 1
    try flipped.write(to: URL(fileURLWithPath: file))
    #expect(message { _ = try RateDataset.open(path) }.contains("it was changed or damaged"))
    try bytes.write(to: URL(fileURLWithPath: file))
    #expect(throws: Never.self) { try RateDataset.open(path) }
  }

  @Test func anotherVersion() throws {
    try edit { $0["formatVersion"] = 99 }
    let text = message { _ = try RateDataset.open(path) }
    #expect(text.contains("version is 99") && text.contains("Use a newer ganinsar"))
  }

  @Test func aManifestThatDoesNotFitTheFiles() throws {
    try editScene { $0["width"] = 31 }
    #expect(message { _ = try RateDataset.open(path) }.contains("manifest says [20, 31]"))
    try editScene { $0["file"] = "../dataset/scenes/one.npy" }
    #expect(message { _ = try RateDataset.open(path) }.contains("outside the dataset"))
    try editScene { $0.removeValue(forKey: "file") }
    #expect(message { _ = try RateDataset.open(path) }.contains("file"))
    try Data("{".utf8).write(to: URL(fileURLWithPath: "\(path)/dataset.json"))
    #expect(message { _ = try RateDataset.open(path) }.contains("it is not JSON"))
  }

  @Test func onlyADatasetIsReplacedAndOnlyWhenAskedTo() throws {
    #expect(message { try write() }.contains("'overwrite'"))
    try write(overwrite: true)
    #expect(try RateDataset.open(path).scenes.count == 2)
    try FileManager.default.removeItem(atPath: "\(path)/dataset.json")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(path)/thesis.txt"))
    #expect(message { try write(overwrite: true) }.contains("not replaced"))
    #expect(FileManager.default.fileExists(atPath: "\(path)/thesis.txt"))
  }

  @Test func aFailureLeavesWhatWasThereAndNothingElse() throws {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      try DatasetFolder.write(to: path, preparation: ScenePreparation(), overwrite: true) { _ in
        throw Failure()
      }
    }
    #expect(try RateDataset.open(path).scenes.count == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["dataset"])
  }

  @Test func aDatasetWithNothingToTrainOnIsAnError() throws {
    let text = message {
      try DatasetFolder.write(to: folder.file("none"), preparation: ScenePreparation()) { _ in }
    }
    #expect(text.contains("no scene is left for training"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("none")))
  }
}
