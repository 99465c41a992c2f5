import DurableFiles
import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import Datasets
@testable import Jobs
@testable import Patches

@Suite struct DatasetPreparationTests {
  private let folder: TemporaryFolder
  private var output: String { folder.file("dataset") }

  init() throws { folder = try TemporaryFolder() }

  /// Writes a scene as `.npy`, which states no unit.
  private func file(_ name: String, _ grid: RateGrid) throws -> String {
    let path = folder.file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try NpyArray(shape: [grid.height, grid.width], values: grid.values).write(to: path)
    return path
  }

  private func task(_ unit: RasterUnit? = .millimetersPerYear) -> DatasetPreparation {
    DatasetPreparation(reading: RasterReadOptions(unit: unit))
  }

  @Test func rastersBecomeADatasetWithItsHistory() throws {
    let big = syntheticGrid(width: 100, height: 90, amplitude: 200, holeShare: 0.02)
    let files = [
      try file("a/velocity.npy", big),
      try file("b/velocity.npy", syntheticGrid(width: 50, height: 40, seed: 2)),
    ]
    var task = task()
    task.preparation.minimumSize = 64
    task.holdOut = ["b-velocity"]
    task.licences = ["a-velocity": "CC-BY-4.0"]
    task.units = ["b-velocity": .metersPerYear]
    let report = try task.run(files: files, output: output)
    let dataset = try RateDataset.open(output)
    #expect(dataset.manifest == report.manifest)
    #expect(dataset.trainingScenes.map(\.name) == ["a-velocity"])
    let first = dataset.manifest.scenes[0]
    #expect(first.origin.source == files[0] && first.origin.licence == "CC-BY-4.0")
    #expect(first.origin.sourceSHA256 == (try SHA256.hex(ofFile: files[0])))
    #expect(first.origin.sourceUnit == .millimetersPerYear && first.origin.upsampling == 1)
    #expect(sameBits(dataset.scenes[0].grid.values, big.values.map { Float(Double($0) * 0.1) }))
    let second = dataset.manifest.scenes[1]
    #expect(second.origin.sourceUnit == .metersPerYear && second.origin.upsampling == 2)
    #expect(second.width == 100 && second.height == 80)
    for name in ["a-velocity", "b-velocity", "held out", "all training"] {
      #expect(report.text.contains(name))
    }
    #expect(report.warnings.contains { $0.contains("too small for patches of 128 and 256 px") })
  }

  @Test func theSurveyIsWhatTheSamplerMeets() throws {
    let path = try file(
      "s.npy", syntheticGrid(width: 180, height: 170, amplitude: 45, holeShare: 0.02))
    let report = try task(.centimetersPerYear).run(files: [path], output: output)
    let expected = try #require(report.trainingSurvey.acceptance(patchSize: 64))
    #expect(expected > 0.02 && expected < 0.98)
    let sampler = try PatchSampler(
      scenes: RateDataset.open(output).trainingScenes, patchSize: 64, seed: 4)
    // Each scale's tries until the first success have the mean 1 / acceptance.
    for factor in [1, 2] {
      var tried = 0
      var accepted = 0
      for index in 0..<800 {
        let patch = try sampler.patch(at: index, epoch: 0)
        if patch.factor == factor {
          tried += patch.rejections.tried
          accepted += 1
        }
      }
      try #require(accepted > 100)
      let share = try #require(report.trainingSurvey[64, factor]).acceptance
      let error = (share * (1 - share) / Double(tried)).squareRoot()
      #expect(abs(Double(accepted) / Double(tried) - share) <= 5 * error)
    }
  }

  @Test func badInputLeavesNothingBehind() throws {
    let good = try file("good.npy", syntheticGrid(width: 40, height: 40))
    let constant = RateGrid(width: 9, height: 9, values: [Float](repeating: 2, count: 81))
    let bad = [
      folder.file("missing.npy"),
      try file(
        "empty.npy", RateGrid(width: 9, height: 9, values: .init(repeating: .nan, count: 81))),
      try file("constant.npy", constant),
      try file("infinite.npy", RateGrid(width: 1, height: 2, values: [1, .infinity])),
    ]
    for path in bad {
      let text = message { _ = try task().run(files: [good, path], output: output) }
      #expect(text.contains(path), "\(text)")
    }
    let truncated = folder.file("truncated.npy")
    try Data(contentsOf: URL(fileURLWithPath: good)).prefix(1000)
      .write(to: URL(fileURLWithPath: truncated))
    #expect(message { _ = try task().run(files: [truncated], output: output) }.contains(truncated))
    #expect(message { _ = try task(nil).run(files: [good], output: output) }.contains("unit: "))
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left.allSatisfy { $0.hasSuffix(".npy") }, "\(left)")
  }

  @Test func undeclaredFillsAreRefusedWithTheRemedy() throws {
    var grid = syntheticGrid(width: 100, height: 90)
    for column in 0..<100 { grid.values[column] = -9999 }
    let path = try file("a.npy", grid)
    let error = #expect(throws: DatasetError.self) {
      try task().run(files: [path], output: output)
    }
    for word in [path, "exactly -9999", "noData: -9999", "noData: nan"] {
      #expect(error?.description.contains(word) == true, "\(word)")
    }
    #expect(!FileManager.default.fileExists(atPath: output))
    var remedied = task()
    remedied.reading.noData = [-9999]
    let report = try remedied.run(files: [path], output: output)
    #expect(report.manifest.scenes[0].statistics.minimum > -9999)
    remedied.reading.noData = [.nan]
    remedied.overwrite = true
    let kept = try remedied.run(files: [path], output: output)
    #expect(kept.manifest.scenes[0].statistics.minimum < -900)
  }

  @Test func unknownNamesAreErrorsThatListTheScenes() throws {
    let path = try file("etna.npy", syntheticGrid(width: 40, height: 40))
    var tasks = [task(), task(), task(), task()]
    tasks[0].holdOut = ["fuji"]
    tasks[1].licences = ["fuji": "MIT"]
    tasks[2].units = ["fuji": .metersPerYear]
    tasks[3].preparation.upsampling = ["fuji": 2]
    for task in tasks {
      let text = message { _ = try task.run(files: [path], output: output) }
      #expect(text.contains("fuji") && text.contains("the scenes are etna"))
    }
  }

  @Test func aSourceInsideTheOutputIsNotLost() throws {
    let first = try file("etna.npy", syntheticGrid(width: 40, height: 40))
    _ = try task().run(files: [first], output: output)
    var again = task()
    again.overwrite = true
    let text = message {
      _ = try again.run(files: ["\(output)/scenes/etna.npy"], output: output)
    }
    #expect(text.contains("would be lost"))
    #expect(throws: Never.self) { try RateDataset.open(output) }
  }

  #if GDAL  // .npy states no unit to contradict
    @Test func aUnitThatContradictsTheFileIsAWarning() throws {
      let grid = syntheticGrid(width: 80, height: 70)
      let path = folder.file("etna.h5")
      let raster = Raster(width: 80, height: 70, values: grid.values, unit: .metersPerYear)
      try RasterWriter.write(raster, to: path, format: .h5)
      let report = try task(.millimetersPerYear).run(files: [path], output: output)
      #expect(report.manifest.scenes[0].origin.sourceUnit == .millimetersPerYear)
      #expect(report.warnings.contains { $0.contains("the file says m/yr") })
    }
  #endif

  @Test func warningsSayWhatIsSuspicious() throws {
    var spike = syntheticGrid(width: 300, height: 300, amplitude: 1)
    spike.values[5] = -9999
    let path = try file("spike.npy", spike)
    let report = try task(.centimetersPerYear).run(files: [path, path], output: output)
    #expect(report.warnings.contains { $0.contains("reaches 9999 cm/yr") })
    #expect(report.warnings.contains { $0.contains("the same bytes") })
    #expect(report.warnings.contains { $0.contains("'harmonize'") })
    #expect(report.manifest.scenes.map(\.name).count == 2)
  }
}
