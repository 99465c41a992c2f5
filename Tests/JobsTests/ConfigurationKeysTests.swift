import Foundation
import Settings
import StackFiles
import TestSupport
import Testing

@testable import Jobs

@Suite struct ConfigurationKeysTests {
  @Test func everyKeyOfAStackIsDescribed() throws {
    #expect(try ConfigurationTemplate.faults(of: ComposeConfiguration()).isEmpty)
    try expectRoundTrip(ComposeConfiguration())
  }

  @Test func everyKeyOfARecipeIsDescribed() throws {
    #expect(try ConfigurationTemplate.faults(of: DatasetRecipe()).isEmpty)
    try expectRoundTrip(DatasetRecipe())
  }

  @Test func everyKeyOfADatasetIsDescribed() throws {
    var all = DatasetPreparation()
    all.preparation.harmonisation = .init()
    #expect(try ConfigurationTemplate.faults(of: all).isEmpty)
    try expectRoundTrip(DatasetPreparation())
  }

  @Test func aDatasetsSettingsAreReadFromYAML() throws {
    let folder = try TemporaryFolder()
    let yaml = """
      reading: {unit: mm/yr, noData: [0, .inf]}
      preparation:
        harmonisation: {percentile: 99, toRateCMPerYear: 20}
        halves: split
        upsampling: {etna: 2}
      units: {etna: m/yr}
      signs: {etna: positive away from the satellite}
      holdOut: [b, a]
      """
    try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder.file("a.yaml")))
    let task = try ConfigurationOverlay.resolve(
      defaults: DatasetPreparation(), yamlFile: folder.file("a.yaml"),
      sets: ["preparation.minimumSize=64"])
    #expect(task.reading.unit == .millimetersPerYear && task.reading.noData == [0, .infinity])
    #expect(task.preparation.harmonisation == .init(percentile: 99, toRateCMPerYear: 20))
    #expect(task.preparation.halves == .split && task.preparation.upsampling == ["etna": 2])
    #expect(task.preparation.minimumSize == 64 && task.units == ["etna": .metersPerYear])
    #expect(task.signs == ["etna": .awayFromSatellite] && task.holdOut == ["a", "b"])
  }

  private func expectRoundTrip<C: Codable & Equatable & Validatable>(_ defaults: C) throws {
    let folder = try TemporaryFolder()
    let text = try ConfigurationTemplate.yaml(of: defaults, heading: ["Heading."])
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("a.yaml")))
    #expect(
      try ConfigurationOverlay.resolve(defaults: defaults, yamlFile: folder.file("a.yaml"))
        == defaults)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 104 })
  }
}
