import Foundation
import Rasters
import TestSupport
import Testing

@testable import Datasets

@Suite struct ScenePreparationTests {
  private func source(
    _ grid: RateGrid = syntheticGrid(width: 40, height: 30, holeShare: 0.1),
    unit: RasterUnit? = .centimetersPerYear
  ) -> SourceScene {
    SourceScene(
      path: "/data/etna.tif", name: "etna",
      raster: Raster(width: grid.width, height: grid.height, values: grid.values, unit: unit),
      unitSource: "test")
  }

  private func prepare(_ preparation: ScenePreparation, _ source: SourceScene) throws
    -> PreparedScene
  {
    try #require(preparation.prepare(source).first)
  }

  @Test(arguments: [
    (RasterUnit.metersPerYear, 100.0), (.centimetersPerYear, 1), (.millimetersPerYear, 0.1),
  ])
  func ratesBecomeCentimetersAYear(unit: RasterUnit, factor: Double) throws {
    let source = source(unit: unit)
    let prepared = try prepare(ScenePreparation(), source)
    let expected = source.raster.values.map { Float(Double($0) * factor) }
    #expect(sameBits(prepared.scene.grid.values, expected))
    #expect(prepared.origin.factorToCMPerYear == factor)
    #expect(prepared.origin.displacementYears == nil)
  }

  @Test func displacementsNeedATimeSpan() throws {
    let source = source(unit: .meters)
    let text = message { _ = try ScenePreparation().prepare(source) }
    #expect(text.contains("/data/etna.tif") && text.contains("displacement (m)"))
    #expect(text.contains("displacementAsRate"))
    let prepared = try prepare(ScenePreparation(displacementYears: 2), source)
    #expect(prepared.origin.factorToCMPerYear == 50 && prepared.origin.displacementYears == 2)
  }

  @Test func unitsThatGiveNoRateAreErrors() {
    #expect(
      message { _ = try ScenePreparation().prepare(source(unit: nil)) }.contains("unit: mm/yr"))
    #expect(
      message { _ = try ScenePreparation().prepare(source(unit: .radians)) }.contains("phase"))
  }

  @Test func harmonizationRemovesTheMedianAndSetsThePercentile() throws {
    let before = source()
    let prepared = try prepare(
      ScenePreparation(harmonisation: .init(percentile: 90, toRateCMPerYear: 12)), before)
    let valid = prepared.scene.grid.values.filter { !$0.isNaN }
    let median = RateStatistics.percentile(50, ofSorted: valid.sorted())
    let reach = RateStatistics.percentile(90, ofSorted: valid.map(abs).sorted())
    #expect(abs(median) < 1e-4 && abs(reach - 12) < 1e-4)
    // The record undoes it.
    let origin = prepared.origin
    for (rate, value) in zip(prepared.scene.grid.values, before.raster.values) where !value.isNaN {
      let again = (Double(value) - origin.medianRemovedCMPerYear) * origin.harmonisationFactor
      #expect(abs(Double(rate) - again) < 1e-4)
    }
    #expect(prepared.scene.grid.values.map(\.isNaN) == before.raster.values.map(\.isNaN))
  }

  @Test func aSceneThatIsMostlyItsMedianCannotBeHarmonized() {
    var values = [Float](repeating: 1, count: 10_000)
    values[7] = 5
    let flat = source(RateGrid(width: 100, height: 100, values: values))
    let text = message { _ = try ScenePreparation(harmonisation: .init()).prepare(flat) }
    #expect(text.contains("'harmonizePercentile'") && text.contains("etna.tif"))
  }

  @Test(arguments: [2e-7, 2e7])
  func harmonizationRefusesFactorsThatNoRateNeeds(scale: Double) throws {
    var raster = source().raster
    raster.values = raster.values.map { Float(Double($0) * scale) }
    let odd = SourceScene(path: "etna.tif", name: "etna", raster: raster, unitSource: "given")
    let text = message { _ = try ScenePreparation(harmonisation: .init()).prepare(odd) }
    for word in ["etna.tif", "'harmonize'", "'unit'", "'noData'"] { #expect(text.contains(word)) }
    _ = try ScenePreparation().prepare(odd)
  }

  @Test func halvesAreTheTwoSides() throws {
    let grid = RateGrid(width: 5, height: 2, values: [0, 1, 2, 3, 4, 10, 11, 12, 13, 14])
    func values(_ halves: ScenePreparation.Halves) throws -> [[Float]] {
      try ScenePreparation(halves: halves).prepare(source(grid)).map(\.scene.grid.values)
    }
    #expect(try values(.leftOnly) == [[0, 1, 10, 11]])
    #expect(try values(.rightOnly) == [[2, 3, 4, 12, 13, 14]])
    #expect(try values(.split) == [[0, 1, 10, 11], [2, 3, 4, 12, 13, 14]])
    let split = try ScenePreparation(halves: .split).prepare(source(grid)).map(\.scene)
    #expect(split.map(\.name) == ["etna-left", "etna-right"])
    #expect(split.map(\.isHeldOut) == [false, true])
  }

  @Test func aHalfWithoutDataIsAnError() {
    let grid = RateGrid(width: 4, height: 2, values: [1, 2, .nan, .nan, 3, 4, .nan, .nan])
    let text = message { _ = try ScenePreparation(halves: .split).prepare(source(grid)) }
    #expect(text.contains("right half has no data") && text.contains("prepare it whole"))
  }

  @Test func smallScenesAreBroughtUpToTheMinimum() throws {
    func upsampling(_ preparation: ScenePreparation) throws -> (Int, Int, Int) {
      let prepared = try prepare(preparation, source())
      return (prepared.origin.upsampling, prepared.scene.grid.width, prepared.scene.grid.height)
    }
    #expect(try upsampling(ScenePreparation(minimumSize: 30)) == (1, 40, 30))
    #expect(try upsampling(ScenePreparation(minimumSize: 31)) == (2, 80, 60))
    #expect(try upsampling(ScenePreparation(minimumSize: 64)) == (3, 120, 90))
    #expect(try upsampling(ScenePreparation(minimumSize: 64, upsampling: ["etna": 2])).0 == 2)
    #expect(
      message { _ = try upsampling(ScenePreparation(minimumSize: 2000)) }.contains("67 times"))
  }

  @Test func emptyConstantAndInfiniteScenesAreErrors() {
    func text(_ values: [Float]) -> String {
      message {
        _ = try ScenePreparation().prepare(source(RateGrid(width: 2, height: 2, values: values)))
      }
    }
    for found in [
      text([.nan, .nan, .nan, .nan]), text([3, 3, .nan, 3]), text([1, .infinity, 2, 3]),
      text([-.infinity, .infinity, .nan, .infinity]),
    ] {
      #expect(found.contains("/data/etna.tif"))
    }
    #expect(text([3, 3, .nan, 3]).contains("every valid pixel is 3"))
    #expect(text([1, .infinity, 2, 3]).contains("1 infinite value"))
  }

  @Test func allFaultsOfTheSettingsAtOnce() {
    let preparation = ScenePreparation(
      harmonisation: .init(percentile: 0, toRateCMPerYear: -1), displacementYears: 0,
      minimumSize: 0, upsampling: ["etna": 0])
    let text = message { _ = try preparation.prepare(source()) }
    for option in [
      "'harmonizePercentile' is 0", "'harmonizeTo' is -1", "'displacementAsRate' is 0",
      "'minimumSize' is 0", "upsample: etna=0",
    ] {
      #expect(text.contains(option))
    }
  }
}
