import Foundation
import Patches
import Rasters
import TestSupport
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

@testable import GANModel

/// Models whose maps have several quantities.
@Suite struct JointModelTests {
  private let rate = RateTransform(scaleCMPerYear: 2, kneeCMPerYear: 0.4)
  private var coherence: RateTransform {
    var transform = RateTransform(scaleCMPerYear: 0.7, flattening: 1).measuring(.coherence)
    transform.center = 1.5
    return transform
  }
  private var joint: RateTransform {
    var transform = rate
    transform.others = [coherence]
    return transform
  }

  /// [3, 2, 8, 8]: rates, and values of 0 to 1 with both ends.
  private func maps() throws -> Tensor {
    let random = try RandomGenerator(seed: 2, .testInput)
    let rates = try random.normal([3, 1, 8, 8]) * 5
    let values = try (random.normal([3, 1, 8, 8]) * 0.6 + 0.5).clamp(0, 1)
    return try .concatenate([rates, values], 1)
  }

  @Test func eachChannelHasItsTransform() throws {
    let maps = try maps()
    let encoded = try joint.encode(maps)
    for (channel, transform) in [rate, coherence].enumerated() {
      try expectClose(
        encoded.narrow(1, from: channel, length: 1),
        transform.encode(maps.narrow(1, from: channel, length: 1)), rtol: 0, atol: 0)
    }
    try expectClose(joint.decode(encoded), maps, rtol: 1e-4, atol: 1e-4)
    // Whatever a network draws, coherence stays within its range.
    let wild = try joint.decode(RandomGenerator(seed: 1, .testInput).normal([3, 2, 8, 8]) * 100)
    #expect(
      try wild.narrow(1, from: 1, length: 1).floats().allSatisfy { (0...1).contains($0) })
    #expect(throws: TorchError.self) { try joint.encode(maps.narrow(1, from: 0, length: 1)) }
  }

  @Test func anOffsetIsForTheFirstChannel() throws {
    let maps = try maps()
    let shifted = try joint.decode(joint.shift(joint.encode(maps), byCMPerYear: [0, 3, -4]))
    let offsets = try Tensor([0, 0, 3, 0, -4, 0] as [Float], shape: [3, 2, 1, 1])
    try expectClose(shifted, maps + offsets, rtol: 1e-4, atol: 1e-4)
  }

  @Test func aFileKeepsAllQuantities() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("model.safetensors")
    let random = try RandomGenerator(seed: 1, .testInput)
    let generator = try Generator(tiny(64), mapChannels: 2, random)
    let latents = try random.normal([3, 8])
    _ = try generator(latents)
    try generator.setTraining(false)
    let maps = try generator(latents)
    #expect(maps.shape == [3, 2, 64, 64])
    for kind in DiscriminatorKind.allCases {
      var architecture = tiny(64)
      architecture.discriminator = kind
      let discriminator = try makeDiscriminator(architecture, mapChannels: 2, random)
      #expect(try discriminator(maps).image.shape == [3, 1])
      #expect(throws: TorchError.self) {
        try discriminator(maps.narrow(1, from: 0, length: 1))
      }
    }
    func description(_ transform: RateTransform) -> ModelDescription {
      ModelDescription(
        architecture: tiny(64), transform: transform, iterations: 1, patchesSeen: 1,
        scenes: ["etna"], patches: PatchLoaderConfiguration(), epoch: 0)
    }
    try ModelFile.write(generator, description(joint), to: path)
    let model = try ModelFile.read(path)
    #expect(model.description.quantities == [.rate, .coherence])
    #expect(try Safetensors(path: path).metadata["format"] == "ganinsar-generator-3")
    try expectClose(model.generator(latents), maps, rtol: 0, atol: 0)

    var twice = joint
    twice.others = [rate]
    try ModelFile.write(generator, description(twice), to: path)
    #expect(message { _ = try ModelFile.read(path) }.contains("one transform for each"))
    // As many channels as transforms.
    try ModelFile.write(generator, description(rate), to: path)
    #expect(throws: (any Error).self) { try ModelFile.read(path) }
  }

  @Test func aTransformOfOneQuantityIsWrittenAsBefore() throws {
    let text = String(decoding: try JSONEncoder().encode(rate), as: UTF8.self)
    #expect(!text.contains("others"))
  }
}
