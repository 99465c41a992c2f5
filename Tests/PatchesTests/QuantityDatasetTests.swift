import Foundation
import Rasters
import TestSupport
import Testing

@testable import Datasets
@testable import Patches

/// Datasets of other quantities than rates.
@Suite struct QuantityDatasetTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func source(_ values: [Float], side: Int = 40, unit: RasterUnit? = .one) -> SourceScene {
    SourceScene(
      path: "/data/map.tif", name: "map",
      raster: Raster(width: side, height: side, values: values, unit: unit), unitSource: "test")
  }

  /// 0 to 1, with a hole.
  private func coherence(side: Int = 40) -> [Float] {
    (0..<side * side).map { $0 < 5 ? .nan : Float($0 % 101) / 100 }
  }

  private func write(_ preparation: ScenePreparation, _ source: SourceScene) throws -> String {
    let path = folder.file("dataset")
    try DatasetFolder.write(to: path, preparation: preparation) { dataset in
      for scene in try preparation.prepare(source) { try dataset.add(scene) }
    }
    return path
  }

  private func of(_ quantity: Quantity) -> ScenePreparation {
    var preparation = ScenePreparation()
    preparation.measured = quantity
    return preparation
  }

  @Test func theManifestStatesQuantityUnitAndKeysWithoutOne() throws {
    let path = try write(of(.coherence), source(coherence()))
    let text = try String(contentsOfFile: "\(path)/dataset.json", encoding: .utf8)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(json["quantity"] as? String == "coherence" && json["unit"] as? String == "1")
    #expect(json["formatVersion"] as? Int == 2 && json["signConvention"] == nil)
    #expect((json["totals"] as? [String: Any])?["maximum"] as? Double == 1)
    #expect(!text.contains("CMPerYear"))
    let dataset = try RateDataset.open(path)
    #expect(dataset.quantity == .coherence && dataset.signNote == nil)
    #expect(dataset.manifest.totals.maximumCMPerYear == 1)
    #expect(sameBits(dataset.scenes[0].grid.values, coherence()))
  }

  @Test func datasetsOfRatesAreAsBefore() throws {
    let path = try write(
      ScenePreparation(), source((0..<1600).map { Float($0) }, unit: .centimetersPerYear))
    let text = try String(contentsOfFile: "\(path)/dataset.json", encoding: .utf8)
    #expect(!text.contains("quantity") && !text.contains("wavelength"))
    #expect(text.contains("\"formatVersion\" : 1") && text.contains("minimumCMPerYear"))
  }

  @Test func valuesOutsideTheRangeNameFileAndPixels() {
    var values = coherence()
    (values[100], values[101], values[102]) = (1.2, -0.5, 3)
    let text = message { _ = try of(.coherence).prepare(source(values)) }
    #expect(text.contains("/data/map.tif") && text.contains("3 of its 1600 pixels"))
    #expect(text.contains("0 to 1") && text.contains("-0.5 to 3"))
    values = values.map { abs($0) }
    let negative = message {
      _ = try of(.phaseDeviation).prepare(source(values.map { -$0 - 1 }, unit: .radians))
    }
    #expect(negative.contains("1595 of its 1600 pixels") && negative.contains("0 and above"))
  }

  @Test func endsAndRoundingErrorsAreCounted() throws {
    var values = coherence().map { $0 == 1 ? 0.5 : $0 == 0 ? 0.25 : $0 }
    (values[10], values[11]) = (1, 0)
    (values[12], values[13]) = (1.000001, -0.000001)
    let prepared = try #require(try of(.coherence).prepare(source(values)).first)
    #expect(prepared.notes.count == 3)
    #expect(prepared.notes[0].contains("2 pixels were less than 0.00001 outside"))
    #expect(prepared.notes[1].contains("2 pixels are exactly 0"))
    #expect(prepared.notes[2].contains("2 pixels are exactly 1"))
    #expect(prepared.scene.grid.values.allSatisfy { $0.isNaN || (0...1).contains($0) })
  }

  @Test func delaysGetTheirUnitAndSign() throws {
    let values = (0..<1600).map { Float($0 % 7) / 1000 }
    var meters = source(values, unit: .meters)
    meters.losConvention = .towardSatellite
    let prepared = try #require(try of(.atmosphere).prepare(meters).first)
    #expect(prepared.scene.grid.values[6] == -0.6)  // cm, positive where longer
    let phases = source(values, unit: .radians)
    #expect(message { _ = try of(.atmosphere).prepare(phases) }.contains("wavelength"))
    var preparation = of(.atmosphere)
    preparation.wavelengthMeters = 0.04 * Double.pi  // 1 rad is 1 cm
    let found = try #require(try preparation.prepare(phases).first)
    #expect(abs(found.scene.grid.values[6] - 0.006) < 1e-8)
    #expect(found.origin.wavelengthMeters == preparation.wavelengthMeters)
  }

  @Test func whatIsAboutRatesIsRefused() {
    var preparation = of(.coherence)
    preparation.harmonisation = .init()
    preparation.displacementYears = 1
    let text = message { _ = try preparation.prepare(source(coherence())) }
    #expect(text.contains("'harmonize'") && text.contains("'displacementAsRate'"))
    let rates = source(coherence(), unit: .centimetersPerYear)
    #expect(message { _ = try of(.coherence).prepare(rates) }.contains("cm/yr"))
    #expect(
      message { _ = try ScenePreparation().prepare(source(coherence())) }.contains("not a rate"))
    #expect(
      message { _ = try of(.height).prepare(source(coherence(), unit: nil)) }.contains("unknown"))
  }

  @Test func patchesStayInTheRangeWhateverTheRulesSay() throws {
    let path = try write(of(.coherence), source(coherence()))
    let set = try PatchSetReader(count: 20, patchSize: 16).read(path, name: "real")
    #expect(set.quantity == .coherence)
    #expect(set.patches.allSatisfy { $0.allSatisfy { (0...1).contains($0) } })
    let text = message {
      _ = try PatchSetReader(count: 2, patchSize: 16, quantity: .height).read(path, name: "real")
    }
    #expect(text.contains("holds coherence, not heights"))
    var rules = PatchLoaderConfiguration()
    let suited = rules.suited(to: .coherence)
    #expect(suited.filter.epochs == .never && suited.offset.epochs == .never)
    #expect(rules.suited(to: .rate) == rules)
    (rules.augmentation.signFlipProbability, rules.augmentation.maximumGain) = (0.5, 2)
    #expect(rules.faults(for: .coherence, prefix: "data.").count == 2)
    #expect(rules.faults(for: .atmosphere, prefix: "data.").isEmpty)
  }
}
