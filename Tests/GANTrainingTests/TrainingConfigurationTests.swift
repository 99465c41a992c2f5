import Foundation
import Settings
import TestSupport
import Testing

@testable import GANTraining

@Suite struct TrainingConfigurationTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("configs").path

  @Test func paperFileStatesTheDefaults() throws {
    let file = "\(Self.folder)/paper.yaml"
    #expect(
      try ConfigurationOverlay.resolve(defaults: TrainingConfiguration(), yamlFile: file)
        == TrainingConfiguration())
    // Every key is written out, so that a reader sees all there is to set.
    let written = try String(contentsOfFile: file, encoding: .utf8)
    let all = try ConfigurationOverlay.yaml(of: TrainingConfiguration())
    for line in all.split(separator: "\n") where line.contains(":") {
      let key = line.split(separator: ":")[0].trimmingCharacters(
        in: CharacterSet(charactersIn: " -"))
      #expect(written.contains("\(key):"), "paper.yaml lacks \(key)")
    }
  }

  @Test func everyKeyIsDescribedInTheTemplate() throws {
    let defaults = TrainingConfiguration()
    #expect(try ConfigurationTemplate.faults(of: defaults).isEmpty)
    let folder = try TemporaryFolder()
    let text = try ConfigurationTemplate.yaml(of: defaults, heading: ["Heading."])
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("a.yaml")))
    #expect(
      try ConfigurationOverlay.resolve(defaults: defaults, yamlFile: folder.file("a.yaml"))
        == defaults)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 104 })
  }

  @Test(arguments: ["small", "smoke", "demo"]) func fileIsValid(_ name: String) throws {
    let configuration = try ConfigurationOverlay.resolve(
      defaults: TrainingConfiguration(), yamlFile: "\(Self.folder)/\(name).yaml")
    #expect(configuration.name == name)
    #expect(configuration.architecture.sizePixels == 64)
  }

  @Test(arguments: ["small", "reproduce-128", "reproduce-256"])
  func theExperimentKeepsThePaperSchedules(_ name: String) throws {
    let small = try ConfigurationOverlay.resolve(
      defaults: TrainingConfiguration(), yamlFile: "\(Self.folder)/\(name).yaml")
    var paper = TrainingConfiguration()
    if name == "small" { paper.data.filter.epochs.until = 42 }  // docs/decisions/0014
    #expect(small.name == name)
    #expect(small.epochs == paper.epochs)
    #expect(small.data.filter == paper.data.filter)
    #expect(small.data.offset == paper.data.offset)
  }

  @Test func allFaultsAreNamedAtOnce() {
    var configuration = TrainingConfiguration()
    configuration.epochs = 0
    configuration.batchSize = 1
    configuration.architecture.sizePixels = 100
    configuration.optimizer.beta1 = 1
    configuration.average.decay = 1
    configuration.data.filter.theta = 2
    let faults = configuration.faults()
    for key in [
      "epochs", "batchSize", "architecture.sizePixels", "optimizer.beta1", "average.decay",
      "data.filter.theta",
    ] {
      #expect(faults.contains { $0.hasPrefix(key) }, "no fault for \(key) in \(faults)")
    }
    #expect(TrainingConfiguration().faults().isEmpty)
  }

  @Test func iterationsCoverTheEpochs() {
    var configuration = TrainingConfiguration()
    configuration.epochs = 3
    configuration.data.patchesPerEpoch = 10
    configuration.batchSize = 4
    #expect(configuration.totalIterations == 8)
    #expect(configuration.epoch(atIteration: 5) == 2)
  }
}
