import Foundation
import TestSupport
import Testing
import TorchCore
import TorchNN

@testable import GANTraining

@Suite struct CheckpointTests {
  private let folder: TemporaryFolder
  private let trainer: Trainer

  init() throws {
    folder = try TemporaryFolder()
    trainer = try Trainer(
      configuration: smallConfiguration(iterations: 4), dataset: try smallDataset(in: folder))
  }

  private func progress(iteration: Int = 0) throws -> Checkpoint.Progress {
    Checkpoint.Progress(
      iteration: iteration, transform: trainer.transform, rejections: try trainer.rejections(),
      configuration: trainer.configuration, scenes: ["waves"])
  }

  private func write(_ objects: KeyValuePairs<String, any Stateful>) throws -> Checkpoint {
    let path = folder.file("c.safetensors")
    try Checkpoint.write(objects, progress(), to: path)
    return try Checkpoint(path: path)
  }

  /// Files of earlier versions are read by these names.
  @Test func namesAreThoseOfEarlierVersions() throws {
    let file = try Safetensors(path: write(trainer.objects).path)
    let names = Set(file.names)
    for name in [
      "generator.linear.weight", "generator.blocks.0.norm1.running_mean",
      "discriminator.encoder.0.conv1.weight_u", "average.output_conv.bias",
      "generator_optimizer.linear.weight.exp_avg", "discriminator_optimizer.linear.bias.step",
    ] { #expect(names.contains(name), "no \(name)") }
    #expect(
      Set(names.map { $0.prefix { $0 != "." } }) == [
        "generator", "discriminator", "average", "generator_optimizer", "discriminator_optimizer",
      ])
    #expect(Set(file.metadata.keys) == ["format", "state", "sha256", "layout_sha256"])
    let json = Data(try #require(file.metadata["state"]).utf8)
    let state = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(
      Set(state.keys) == [
        "iteration", "transform", "rejections", "configuration", "scenes", "randomStreams",
      ])
  }

  @Test func loadingGivesBackEveryObject() throws {
    for _ in 0..<2 { _ = try trainer.step() }
    func values() throws -> [String: [Float]] {
      var result: [String: [Float]] = [:]
      for (name, object) in trainer.objects {
        for (key, tensor) in try object.state() { result["\(name).\(key)"] = try tensor.floats() }
      }
      return result
    }
    let saved = try values()
    let checkpoint = try write(trainer.objects)
    _ = try trainer.step()
    for (name, object) in trainer.objects {
      let moved = try object.state().contains {
        try $0.value.floats() != saved["\(name).\($0.key)"]
      }
      #expect(moved, "a step leaves the \(name)")
    }
    try checkpoint.load(trainer.objects)
    #expect(try values() == saved)
  }

  @Test func missingAndUnknownObjectsAreNamed() throws {
    func refusal(_ written: KeyValuePairs<String, any Stateful>) throws -> String {
      let checkpoint = try write(written)
      let error = #expect(throws: TrainingError.self) { try checkpoint.load(trainer.objects) }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(checkpoint.path))
      return error.map { "\($0)" } ?? ""
    }
    let lacking = try refusal([
      "generator": trainer.generator, "discriminator": trainer.discriminator,
      "average": trainer.average, "discriminator_optimizer": trainer.discriminatorOptimizer,
    ])
    #expect(lacking.contains("lacks generator_optimizer"))
    let more = try refusal([
      "generator": trainer.generator, "discriminator": trainer.discriminator,
      "average": trainer.average, "generator_optimizer": trainer.generatorOptimizer,
      "discriminator_optimizer": trainer.discriminatorOptimizer, "encoder": trainer.discriminator,
    ])
    #expect(more.contains("unknown encoder"))
    let swapped = try refusal([
      "generator": trainer.discriminator, "discriminator": trainer.generator,
      "average": trainer.average, "generator_optimizer": trainer.generatorOptimizer,
      "discriminator_optimizer": trainer.discriminatorOptimizer,
    ])
    #expect(swapped.contains("does not fit the generator"))
  }

  @Test func anotherFileIsRefused() throws {
    let path = folder.file("other.safetensors")
    try Safetensors.write(["a": .ones([1])], to: path)
    #expect(throws: TrainingError.self) { try Checkpoint(path: path) }
    // Progress beyond the run's end.
    try Checkpoint.write(trainer.objects, progress(iteration: 5), to: path)
    #expect(throws: TrainingError.self) { try Checkpoint(path: path) }
  }
}
