import Foundation
import TestSupport
import Testing

@testable import DurableFiles
@testable import Settings

private struct Settings: Codable, Equatable, Validatable {
  enum Loss: String, Codable, CaseIterable { case bce, hinge }
  enum Weight: Codable, Equatable {
    case constant(value: Double)
    case linear(from: Double, to: Double)
  }
  struct Training: Codable, Equatable {
    var batch = 16
    var learningRate: Float = 0.0002
    var loss = Loss.bce
    var weight = Weight.constant(value: 1)
    var seed: UInt64 = 0
  }
  struct Filter: Codable, Equatable {
    var share = 0.3
    var untilEpoch = 76
  }
  var name = "small"
  var isQuick = false
  var scales: [Int] = [1, 2]
  var training = Training()
  var filter: Filter? = Filter()
  var holdOut: String?
  var stages: [Filter] = []

  func faults() -> [String] {
    (training.batch > 0 ? [] : ["training.batch must be positive"])
      + (scales.isEmpty ? ["scales must not be empty"] : [])
  }
}

@Suite struct ConfigurationOverlayTests {
  private func resolve(_ yaml: String? = nil, _ sets: String...) throws -> Settings {
    let folder = try TemporaryFolder()
    if let yaml { try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder.file("a.yaml"))) }
    do {
      return try ConfigurationOverlay.resolve(
        defaults: Settings(), yamlFile: yaml == nil ? nil : folder.file("a.yaml"), sets: sets)
    } catch RunError.configuration(let faults) {
      throw RunError.configuration(
        faults: faults.map { $0.replacingOccurrences(of: folder.path + "/", with: "") })
    }
  }

  private func faults(_ yaml: String? = nil, _ sets: String...) -> [String] {
    do {
      _ = try sets.isEmpty ? resolve(yaml) : resolve(yaml, sets[0])
      return []
    } catch RunError.configuration(let faults) {
      return faults
    } catch {
      return ["\(error)"]
    }
  }

  @Test func defaultsAloneAreTheDefaults() throws {
    #expect(try resolve() == Settings())
    #expect(try resolve("# nothing but a comment\n") == Settings())
    #expect(try resolve("training:\n  # batch: 3\n") == Settings())
  }

  @Test func fileThenSets() throws {
    var expected = Settings()
    expected.training.batch = 4
    expected.training.loss = .hinge
    expected.training.seed = .max
    expected.scales = [4]
    let yaml = "training:\n  batch: 8\n  loss: hinge\n  seed: 18446744073709551615\nscales: [4]\n"
    #expect(try resolve(yaml, "training.batch=4") == expected)
  }

  @Test func optionalsCanBeGivenAndTakenAway() throws {
    #expect(try resolve("filter: null\n").filter == nil)
    #expect(try resolve(nil, "filter=null").filter == nil)
    #expect(try resolve("holdOut: bhutan\n").holdOut == "bhutan")
    #expect(try resolve(nil, "filter.untilEpoch=9").filter == .init(share: 0.3, untilEpoch: 9))
  }

  @Test func scalarsAreReadAsTheTypeThatIsWanted() throws {
    #expect(try resolve("name: 1.10\n").name == "1.10")
    #expect(try resolve("name: no\nisQuick: yes\n").isQuick)
    #expect(try resolve("name: \"a: b\"\n").name == "a: b")
    #expect(try resolve(nil, "training.learningRate=1e-4").training.learningRate == 1e-4)
    #expect(try resolve(nil, "training.batch=1e2").training.batch == 100)
    #expect(try resolve(nil, "holdOut='null'").holdOut == "null")
  }

  @Test func enumsWithValuesAreReplacedByAnotherCase() throws {
    let settings = try resolve("training:\n  weight: {linear: {from: 0, to: 1}}\n")
    #expect(settings.training.weight == .linear(from: 0, to: 1))
  }

  @Test func everyFaultIsReportedAtOnce() {
    let yaml = """
      name: [1]
      trainig: {batch: 3}
      training:
        batch: many
        loss: hing
        seed: -1
        batch_size: 3
      scales:
        - 1
        - 2.5
      """
    #expect(
      Set(faults(yaml)) == [
        "a.yaml, line 1: name must be text, not a list.",
        "a.yaml, line 2: unknown key 'trainig'. Did you mean 'training'?",
        "a.yaml, line 4: training.batch must be a whole number, not 'many'.",
        "a.yaml, line 5: training.loss must be one of bce, hinge, not 'hing' (did you mean 'hinge'?).",
        "a.yaml, line 6: training.seed must be a whole number, zero or more, not '-1'.",
        "a.yaml, line 7: unknown key 'training.batch_size'. "
          + "Did you mean 'training.batch'?",
        "a.yaml, line 10: scales[1] must be a whole number, not '2.5'.",
      ])
  }

  @Test func unknownKeysAreExplained() {
    #expect(
      faults(nil, "Batch=3") == [
        "set: Batch=3: unknown key 'Batch'. Did you mean 'training.batch'?"
      ])
    #expect(
      faults(nil, "training.learning_rate=3") == [
        "set: training.learning_rate=3: unknown key 'training.learning_rate'. "
          + "Did you mean 'training.learningRate'?"
      ])
    #expect(
      faults("filter:\n  share: 0.1\n  sahre: 2\n") == [
        "a.yaml, line 3: unknown key 'filter.sahre'. Did you mean 'filter.share'?"
      ])
    #expect(
      faults("stages:\n  - {share: 1, untilEpoch: 2, extra: 3}\n") == [
        "a.yaml, line 2: unknown key 'stages[0].extra'. Known here: share, untilEpoch."
      ])
  }

  @Test func whatIsMissingInAListElementIsNamed() {
    #expect(
      faults("stages:\n  - share: 0.1\n") == [
        "stages[0].untilEpoch is missing (expected a whole number)."
      ])
  }

  @Test(arguments: ["learningRate", "=3", "a..b=3", "training.batch=", "training.batch=.nan"])
  func badSetsAreFaults(set: String) {
    let found = faults(nil, set)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("set: \(set): ") == true)
  }

  @Test func notYAMLAndDuplicatesNameTheirLine() {
    #expect(faults("name: a\nscales: [1\n").first?.hasPrefix("a.yaml, line 3: not YAML") == true)
    #expect(faults("name: a\nname: b\n").first?.contains("given twice: name") == true)
    #expect(
      faults("- 1\n") == ["a.yaml, line 1: expected lines of 'key: value', not a list."])
  }

  @Test func nestedAliasesDoNotExplode() {
    var yaml = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...8 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      yaml += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(faults(yaml).first?.contains("more than 100000 values") == true)
  }

  @Test func theTypeFindsItsOwnFaultsLast() {
    #expect(
      faults("scales: []\ntraining: {batch: 0}\n") == [
        "a.yaml, line 2: training.batch must be positive",
        "a.yaml, line 1: scales must not be empty",
      ])
    #expect(
      faults(nil, "training.batch=0") == ["set: training.batch=0: training.batch must be positive"]
    )
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: RunError.cannotRead(path: "/nowhere", reason: "No such file or directory")) {
      try ConfigurationOverlay.resolve(defaults: Settings(), yamlFile: "/nowhere")
    }
  }

  @Test func writtenYAMLIsReadBackTheSame() throws {
    var settings = Settings()
    settings.name = "yes: \"#1\"\n\u{7f}"
    settings.training.learningRate = 1e-5
    settings.training.weight = .linear(from: -1e-300, to: .infinity)
    settings.filter = nil
    settings.holdOut = "null"
    settings.stages = [.init(share: 1e22, untilEpoch: -1), .init()]
    #expect(try resolve(ConfigurationOverlay.yaml(of: settings)) == settings)
  }

  @Test func writtenYAMLKeepsTheOrderOfDeclaration() throws {
    #expect(
      try ConfigurationOverlay.yaml(of: Settings()) == """
        name: small
        isQuick: false
        scales: [1, 2]
        training:
          batch: 16
          learningRate: 0.0002
          loss: bce
          weight:
            constant:
              value: 1.0
          seed: 0
        filter:
          share: 0.3
          untilEpoch: 76
        holdOut: null
        stages: []

        """)
  }
}
