import Kernel
import Testing

@testable import Settings

private struct Filter: Codable, Equatable, DocumentedKeys {
  var fraction = 0.3
  var until: Int?
  static let keyDescriptions: KeyValuePairs = [
    "fraction": "Fraction, 0 to 1.", "until": "Last epoch; null: none.",
  ]
}

private struct Recipe: Codable, Equatable, Validatable, DocumentedKeys {
  enum Loss: String, Codable, CaseIterable { case bce, hinge }
  var name = "a"
  var loss = Loss.bce
  var other: Loss?
  var filter = Filter()
  var steps: [Filter] = [Filter(), Filter()]
  var kinds: [Loss] = [.hinge]
  var units: [String: String] = [:]
  func faults() -> [String] { [] }
  static let keyDescriptions: KeyValuePairs = [
    "name": "Name.", "loss": "Loss.", "other": "Other loss; null: none.", "filter": "Filter.",
    "steps": "Steps.", "kinds": "Kinds.", "units": "Units.",
  ]
}

private struct Careless: Codable, DocumentedKeys {
  struct Group: Codable { var size = 1 }
  var a = 1
  var group = Group()
  static let keyDescriptions: KeyValuePairs = ["group": "Group.", "gone": "Gone."]
}

@Suite struct ConfigurationTemplateTests {
  @Test func everyKeyIsWrittenBelowWhatItMeans() throws {
    #expect(
      try ConfigurationTemplate.yaml(of: Recipe(), heading: ["Recipe."]) == """
        # Recipe.

        # Name.
        name: a
        # Loss. One of bce, hinge.
        loss: bce
        # Other loss; null: none. One of bce, hinge.
        other: null

        # Filter.
        filter:
          # Fraction, 0 to 1.
          fraction: 0.3
          # Last epoch; null: none.
          until: null

        # Steps.
        steps:
          - fraction: 0.3
            until: null
          - fraction: 0.3
            until: null

        # Kinds. Any of bce, hinge.
        kinds: [hinge]
        # Units.
        units: {}

        """)
  }

  @Test func missingAndSurplusDescriptionsAreFound() throws {
    #expect(try ConfigurationTemplate.faults(of: Recipe()).isEmpty)
    #expect(
      try ConfigurationTemplate.faults(of: Careless()) == [
        "Group: 'size' has no description", "Careless: 'a' has no description",
        "Careless: 'gone' is described, but is not a key",
      ])
  }

  @Test func aRunsOwnYAMLHasNoComments() throws {
    #expect(!(try ConfigurationOverlay.yaml(of: Recipe())).contains("#"))
  }
}
