import DurableFiles
import Settings
import Testing

@testable import StackFiles

struct ComposeConfigurationTests {
  private func resolve(_ sets: String...) throws -> ComposeConfiguration {
    try ConfigurationOverlay.resolve(defaults: ComposeConfiguration(), sets: sets)
  }

  @Test func defaultsComeBackFromTheirYAML() throws {
    let defaults = ComposeConfiguration()
    #expect(defaults.faults().isEmpty)
    #expect(try ConfigurationOverlay.yaml(of: defaults).contains("sensor: sentinel-1"))
    #expect(try resolve() == defaults)
  }

  @Test func datesAndBaselinesMayBeGiven() throws {
    let configuration = try resolve(
      "network.dates=[20200101, 20200113, 20200206]",
      "network.perpendicularBaselinesMeters=[0, 50, -20]")
    let network = try configuration.interferogramNetwork()
    #expect(network.dates.map(\.description) == ["20200101", "20200113", "20200206"])
    #expect(network.pairs.count == 3)
    #expect(network.perpendicularBaselineMeters(network.pairs[1]) == -20)
  }

  @Test func drawnBaselinesOfGivenDatesFollowTheSeed() throws {
    let dates = "network.dates=[20200101, 20200113, 20200206]"
    let first = try resolve(dates, "seed=1").interferogramNetwork()
    #expect(try resolve(dates, "seed=1").interferogramNetwork() == first)
    #expect(try resolve(dates, "seed=2").interferogramNetwork() != first)
  }

  @Test(arguments: [
    ("network.dates=[20200101, 20200301, 20210101]", "network.maximumDays=70", "parts"),
    ("model.decorrelation.looks=-3", "seed=1", "looks is -3"),
    ("model.decorrelation.initialCoherence=1.2", "seed=1", "initialCoherence is 1.2"),
    ("geometry.wavelengthMeters=0", "seed=1", "wavelengthMeters is 0"),
    ("geometry.incidenceDegrees=90", "seed=1", "incidenceDegrees is 90"),
    ("network.dates=[20200101, 20200231]", "seed=1", "20200231"),
    ("network.dates=[20200101, 20200113]", "network.perpendicularBaselinesMeters=[1]", "1 entries"),
    ("network.count=1", "seed=1", "count is 1"), ("network.cuont=9", "seed=1", "count"),
  ])
  func faultsAreConfigurationErrors(set: String, other: String, expected: String) {
    #expect {
      try resolve(set, other)
    } throws: { error in
      guard case RunError.configuration = error else { return false }
      return "\(error)".contains(expected)
    }
  }
}
