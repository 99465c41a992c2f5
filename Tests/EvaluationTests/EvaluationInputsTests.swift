import EvaluationTestSupport
import TestSupport
import Testing

@testable import Evaluation

struct EvaluationInputsTests {
  @Test("a set is NAME=PATH, or a path whose last part is its name")
  func names() throws {
    #expect(try NamedPath(parsing: "a=b/c=d") == NamedPath(name: "a", path: "b/c=d"))
    #expect(try NamedPath(parsing: "runs/maps/") == NamedPath(name: "maps", path: "runs/maps/"))
    for text in ["", "a=", "=b"] {
      #expect(throws: EvaluationError.self) { try NamedPath(parsing: text) }
    }
  }

  @Test("real samples beyond those compared are the control, and a given size must be the files'")
  func control() throws {
    let folder = try TemporaryFolder()
    let real = try writeStack("real.npy", count: 11, in: folder)
    let other = try writeStack("other.npy", count: 5, in: folder)
    var settings = EvaluationSettings()
    settings.count = 20
    let inputs = try EvaluationInputs(
      real: real, sets: [NamedPath(name: "other", path: other)], settings)
    #expect(inputs.real.count == 5 && inputs.moreReal?.count == 5 && inputs.sets[0].count == 5)
    #expect(inputs.moreReal?.origins[0].label == "item 5")
    #expect(inputs.warnings.contains { $0.contains("cut to 5 samples, as many as other has") })
    settings.patchSize = 32
    let text = message {
      _ = try EvaluationInputs(
        real: real, sets: [NamedPath(name: "other", path: other)], settings)
    }
    #expect(text.contains("16x16") && text.contains("32"))
  }
}
