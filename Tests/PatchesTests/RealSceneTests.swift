import Foundation
import RasterIO
import TestSupport
import Testing

@testable import Datasets
@testable import Jobs
@testable import Patches

/// The data README's numbers, on the scenes themselves.
@Suite struct RealSceneTests {
  private static let rates = ["kirishima_alos2", "campi_flegrei", "bhutan_landslide"]

  @Test(.enabled(if: SharedData.has("data/permissive"), "needs shared/data/permissive"))
  func permissiveScenesBecomeADataset() throws {
    let folder = try TemporaryFolder()
    let output = folder.file("dataset")
    var task = DatasetPreparation()
    task.preparation.harmonisation = .init()
    let report = try task.run(
      files: Self.rates.map { SharedData.path("data/permissive/\($0).tif") }, output: output)
    let dataset = try RateDataset.open(output)
    #expect(dataset.scenes.map(\.name) == Self.rates)
    #expect(
      dataset.scenes.map { [$0.grid.width, $0.grid.height] }
        == [[541, 541], [191, 121], [200, 300]])
    let noData = report.manifest.scenes.map(\.statistics.noDataShare)
    for (found, expected) in zip(noData, [0.004, 0.10, 0.17]) {
      #expect(abs(found - expected) < 0.006)
    }
    for scene in dataset.scenes {
      let rates = scene.grid.values.filter { !$0.isNaN }.map(abs).sorted()
      #expect(abs(RateStatistics.percentile(99.5, ofSorted: rates) - 25) < 1e-3)
    }
    let loader = try PatchLoader(dataset: dataset, patchSize: 64, batchSize: 16, seed: 1)
    for _ in 0..<4 { #expect(try !loader.next().values.contains { !$0.isFinite }) }
  }

  @Test(
    .enabled(if: SharedData.has("data/measure-only"), "needs shared/data/measure-only"),
    arguments: [
      // Share of 256 px windows with 10 % no data or less.
      ("calbuco_cov9", 0.44), ("argentina_lrr", 0.37), ("pamir_des5", 0.28), ("greece_2021", 0.97),
      ("afghanistan", 1.0), ("coso_d071", 1.0), ("anatolia_014A", 0.0),
    ])
  func noDataSharesAreTheReadmes(name: String, expected: Double) throws {
    let raster = try RasterReader.read(SharedData.path("data/measure-only/\(name).tif")).raster
    let grid = RateGrid(width: raster.width, height: raster.height, values: raster.values)
    let survey = WindowSurvey(
      grid, patchSizes: [256], factors: [1], configuration: PatchLoaderConfiguration())
    let counts = try #require(survey[256, 1])
    #expect(abs(1 - Double(counts.noData) / Double(counts.tried) - expected) < 0.03)
  }
}
