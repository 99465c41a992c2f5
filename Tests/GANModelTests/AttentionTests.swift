import Foundation
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

@testable import GANModel

@Suite struct AttentionTests {
  static let kinds: [AttentionKind] = [.selfAttention, .transformer]

  private func architecture(_ kind: AttentionKind, _ sizes: [Int] = [16, 32]) -> Architecture {
    var architecture = tiny(64)
    (architecture.attention, architecture.attentionSizesPixels) = (kind, sizes)
    return architecture
  }

  private func layer(_ kind: AttentionKind, channels: Int, sizePixels: Int, seed: UInt64 = 1) throws
    -> any Layer
  {
    let random = try RandomGenerator(seed: seed, .testInput)
    let layer = try architecture(kind, [sizePixels]).makeAttention(
      channels: channels, sizePixels: sizePixels, random)
    return try #require(layer)
  }

  private func setGammas(of module: any Module, _ value: Double) throws {
    for entry in try module.namedTensors() where entry.name.contains("gamma") {
      try entry.tensor.fill_(value)
    }
  }

  @Test(arguments: kinds) func layerParity(_ kind: AttentionKind) throws {
    let name = kind == .selfAttention ? "self" : "transformer"
    let fixture = try fixture("attention")
    let layer = try layer(kind, channels: 32, sizePixels: 8)
    try layer.load(fixture.group("\(name).state"))
    for layout in ["channels first", "channels last"] {
      try layer.load(fixture.group("\(name).state"))
      let plain = try fixture.tensor("\(name).input")
      let input = try (layout == "channels last" ? plain.channelsLast() : plain).requireGradient()
      let output = try layer(input)
      try expectClose(
        output, fixture.tensor("\(name).output"), rtol: modelRTol, atol: modelATol, layout)
      try layer.clearGradients()
      try weightedSum(output, fixture.tensor("\(name).cotangent")).backward()
      let gradients = try fixture.group("\(name).grad")
      try expectGradients(of: layer, gradients)
      try expectClose(
        #require(try input.gradient), #require(gradients["input"]), rtol: 1e-3, atol: 1e-4, layout)
    }
  }

  @Test(arguments: kinds) func generatorParity(_ kind: AttentionKind) throws {
    let fixture = try fixture("generator64-\(kind == .selfAttention ? "self" : "transformer")")
    let generator = try Generator(architecture(kind), RandomGenerator(seed: 1, .testInput))
    try generator.load(fixture.group("state"))
    let latents = try fixture.tensor("input").requireGradient()
    let images = try generator(latents)
    try expectClose(images, fixture.tensor("train.output"), rtol: modelRTol, atol: modelATol)
    try expectState(of: generator, fixture.group("train.state"))
    try weightedSum(images, fixture.tensor("cotangent")).backward()
    try expectGradientNorms(of: generator, fixture.group("grad_norm"))
    try generator.setTraining(false)
    try expectClose(
      generator(latents), fixture.tensor("eval.output"), rtol: modelRTol, atol: modelATol)
  }

  @Test(arguments: kinds) func uNetParity(_ kind: AttentionKind) throws {
    let fixture = try fixture("unet64-\(kind == .selfAttention ? "self" : "transformer")")
    let module = try UNetDiscriminator(architecture(kind), RandomGenerator(seed: 1, .testInput))
    let images = try expectLogits(of: module, fixture)
    try expectGradientNorms(of: module, fixture.group("grad_norm"))
    try expectClose(
      #require(try images.gradient).norm(), fixture.tensor("grad_norm.input"), rtol: 1e-3, atol: 0)
  }

  /// As long as the gammas are 0, the layers change nothing.
  @Test(arguments: kinds) func newLayersAreTheIdentity(_ kind: AttentionKind) throws {
    let input = try RandomGenerator(seed: 2, .testInput).normal([2, 16, 8, 8])
    let layer = try layer(kind, channels: 16, sizePixels: 8)
    try expectClose(layer(input), input, rtol: 0, atol: 0)
    try setGammas(of: layer, 1)
    #expect(try (layer(input) - input).abs().max().item() > 0.01)
  }

  /// What the layers are for: a pixel depends on every group of 2 x 2 pixels, of which keys and values
  /// may be maxima.
  @Test(arguments: kinds) func everyPixelSeesTheWholeMap(_ kind: AttentionKind) throws {
    let layer = try layer(kind, channels: 16, sizePixels: 8)
    try setGammas(of: layer, 1)
    let input = try RandomGenerator(seed: 3, .testInput).normal([1, 16, 8, 8]).requireGradient()
    let corner = try layer(input).narrow(2, from: 0, length: 1).narrow(3, from: 0, length: 1)
    try corner.sum().backward()
    let influence = try #require(try input.gradient).abs().sum([1], keepDims: true)
    #expect(try influence.averagePool(kernel: 2).min().item() > 0)
  }

  /// Attention itself does not know places; the learned positions tell the transformer.
  @Test func onlyTheTransformerKnowsPlaces() throws {
    for kind in Self.kinds {
      let layer = try layer(kind, channels: 16, sizePixels: 8)
      try setGammas(of: layer, 1)
      try layer.setTraining(false)
      for entry in try layer.namedTensors() where entry.name == "position" {
        try entry.tensor.multiply_(50)
      }
      let input = try RandomGenerator(seed: 4, .testInput).normal([1, 16, 8, 8])
      // Two pixels at a time, which keeps the groups that keys and values are pooled over.
      let difference = try layer(input.roll([2, 4], [2, 3])) - layer(input).roll([2, 4], [2, 3])
      let largest = try difference.abs().max().item()
      #expect(kind == .selfAttention ? largest < 1e-4 : largest > 0.01, "\(kind): \(largest)")
    }
  }

  @Test(arguments: kinds) func layersAreWhereTheArchitectureSays(_ kind: AttentionKind) throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    func places(_ module: any Module) throws -> Set<String> {
      Set(
        try module.namedTensors().map(\.name).filter { $0.contains(".attention.") }
          .map { $0.split(separator: ".").prefix(2).joined(separator: ".") })
    }
    let both = architecture(kind)
    #expect(try places(Generator(both, random)) == ["blocks.1", "blocks.2"])
    #expect(try places(makeDiscriminator(both, random)) == ["encoder.0", "encoder.1"])
    var encoder = architecture(kind, [8])
    encoder.discriminator = .encoder
    #expect(try places(Generator(encoder, random)) == ["blocks.0"])
    #expect(try places(makeDiscriminator(encoder, random)) == ["encoder.2"])
    var wide = architecture(kind, [64])
    wide.sizePixels = 128
    #expect(try places(Generator(wide, random)) == ["blocks.3"])
    #expect(try places(makeDiscriminator(wide, random)) == ["encoder.0"])
    #expect(try places(Generator(tiny(64), random)).isEmpty)
  }

  /// Heads are never narrower than 16, and always divide the channels.
  @Test(arguments: [(1, 1), (16, 1), (32, 2), (48, 2), (56, 2), (64, 4), (129, 1), (1024, 8)])
  func numberOfHeads(channels: Int, heads: Int) {
    #expect(TransformerBlock.heads(channels: channels) == heads)
  }

  @Test(arguments: kinds) func bfloat16IsNearFloat32(_ kind: AttentionKind) throws {
    let layer = try layer(kind, channels: 32, sizePixels: 16)
    try setGammas(of: layer, 1)
    try layer.setTraining(false)
    let input = try RandomGenerator(seed: 5, .testInput).normal([2, 32, 16, 16]).channelsLast()
    let exact = try layer(input)
    let rounded = try withAutocast(.cpu, .bfloat16) { try layer(input) }
    try expectClose(rounded.to(dtype: .float32), exact, rtol: 0.03, atol: 0.05)
  }

  @Test func badInputThrows() throws {
    let block = try layer(.transformer, channels: 16, sizePixels: 8)
    #expect(throws: TorchError.self) { try block(.ones([1, 16, 16, 16])) }
    #expect(throws: TorchError.self) { try block(.ones([1, 8, 8, 8])) }
    #expect(throws: TorchError.self) { try block(.ones([16, 8, 8])) }
    let attention = try layer(.selfAttention, channels: 16, sizePixels: 8)
    #expect(throws: TorchError.self) { try attention(.ones([1, 8, 8, 8])) }
    #expect(throws: ModelError.self) {
      try Generator(architecture(.transformer, [64]), RandomGenerator(seed: 1, .testInput))
    }
  }

  /// The gammas are single numbers, which a file must give back as such.
  @Test(arguments: kinds) func aModelFileKeepsTheAttention(_ kind: AttentionKind) throws {
    let tests = try ModelFileTests()
    let random = try RandomGenerator(seed: 6, .testInput)
    let generator = try Generator(architecture(kind), random)
    try setGammas(of: generator, 0.5)
    try generator.setTraining(false)
    let description = tests.description(architecture(kind))
    try ModelFile.write(generator, description, to: tests.path)
    let model = try ModelFile.read(tests.path)
    #expect(model.description == description)
    try expectClose(model.generator(tests.latents), generator(tests.latents), rtol: 0, atol: 0)
    // A file whose description and tensors disagree is refused, in either direction.
    try ModelFile.write(generator, tests.description(), to: tests.path)
    #expect(throws: ModuleError.self) { try ModelFile.read(tests.path) }
    try ModelFile.write(tests.generator, description, to: tests.path)
    #expect(throws: ModuleError.self) { try ModelFile.read(tests.path) }
  }
}
