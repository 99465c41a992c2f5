import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

@Suite struct DiscriminatorTests {
  @Test(arguments: [64, 128, 256]) func keysOrderAndShapes(size: Int) throws {
    for (file, kind) in [
      ("discriminator-keys.txt", DiscriminatorKind.uNet), ("encoder-keys.txt", .encoder),
    ] {
      let architecture = Architecture(sizePixels: size, channels: 16, discriminator: kind)
      let module = try makeDiscriminator(architecture, RandomGenerator(seed: 1, .testInput))
      let golden = try goldenLines(file, sizePixels: size)
      #expect(golden.count > 50)
      #expect(try keyLines(module, sizePixels: size) == golden)
    }
  }

  @Test(arguments: [
    (256, 16, 2_756_738), (256, 32, 11_020_034), (128, 32, 7_872_770), (64, 16, 1_954_754),
  ])
  func parameterCounts(size: Int, channels: Int, count: Int) throws {
    let architecture = Architecture(sizePixels: size, channels: channels)
    #expect(
      try UNetDiscriminator(architecture, RandomGenerator(seed: 1, .testInput)).parameterCount()
        == count)
  }

  @Test(arguments: [64, 128]) func uNetParity(size: Int) throws {
    let fixture = try fixture("unet\(size)")
    let module = try UNetDiscriminator(tiny(size), RandomGenerator(seed: 1, .testInput))
    let images = try expectLogits(of: module, fixture)
    let found = try #require(try images.gradient)
    if size == 128 {
      try expectGradientNorms(of: module, fixture.group("grad_norm"))
      try expectClose(found.norm(), fixture.tensor("grad_norm.input"), rtol: 1e-3, atol: 0)
      return
    }
    let inputGradient = try fixture.tensor("grad.input")
    try expectGradients(of: module, fixture.group("grad"))
    try expectClose(found, inputGradient, rtol: 1e-3, atol: 1e-4, "grad.input")
    try module.setTraining(false)
    let evaluated = try module(images)
    try expectClose(
      evaluated.image, fixture.tensor("eval.scalar"), rtol: modelRTol, atol: modelATol)
    try expectClose(
      #require(evaluated.pixels), fixture.tensor("eval.map"), rtol: modelRTol, atol: modelATol)
  }

  @Test func encoderParity() throws {
    let fixture = try fixture("encoder64")
    let module = try EncoderDiscriminator(tiny(64, .encoder), RandomGenerator(seed: 1, .testInput))
    try module.load(fixture.group("state"))
    let images = try fixture.tensor("input").requireGradient()
    let logits = try module(images)
    #expect(logits.pixels == nil)
    try expectClose(logits.image, fixture.tensor("train.output"), rtol: modelRTol, atol: modelATol)
    try expectState(of: module, fixture.group("train.state"))
    try weightedSum(logits.image, fixture.tensor("cotangent")).backward()
    let inputGradient = try fixture.tensor("grad.input")
    try expectGradients(of: module, fixture.group("grad"))
    try expectClose(
      #require(try images.gradient), inputGradient, rtol: 1e-3, atol: 1e-4, "grad.input")
    try module.setTraining(false)
    try expectClose(
      module(images).image, fixture.tensor("eval.output"), rtol: modelRTol, atol: modelATol)
  }

  @Test(arguments: [64, 128, 256]) func shapesOfTheLogits(size: Int) throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    let images = try random.normal([2, 1, size, size])
    let module = try makeDiscriminator(tiny(size), random)
    let uNet = try module(images)
    #expect(uNet.image.shape == [2, 1])
    #expect(uNet.pixels?.shape == [2, 1, size, size])
    let other = try makeDiscriminator(tiny(size, .encoder), random)
    let encoder = try other(images)
    #expect(encoder.image.shape == [2, 1] && encoder.pixels == nil)
  }

  @Test func splitGivesThePartsOfTheBatch() throws {
    let image = try Tensor((0..<6).map(Float.init), shape: [6, 1])
    let pixels = try Tensor((0..<24).map(Float.init), shape: [6, 1, 2, 2])
    let parts = try Logits(image: image, pixels: pixels).split(parts: 3)
    #expect(try parts.map { try $0.image.floats() } == [[0, 1], [2, 3], [4, 5]])
    #expect(try #require(parts[1].pixels).floats() == (8..<16).map(Float.init))
    let plain = try Logits(image: image, pixels: nil).split(parts: 2)
    #expect(plain.count == 2 && plain.allSatisfy { $0.pixels == nil })
    #expect(throws: TorchError.self) { try Logits(image: image, pixels: nil).split(parts: 4) }
  }

  @Test func badInputThrows() throws {
    #expect(throws: ModelError.self) {
      try makeDiscriminator(tiny(65), RandomGenerator(seed: 1, .testInput))
    }
    let uNet = try UNetDiscriminator(tiny(64), RandomGenerator(seed: 1, .testInput))
    #expect(throws: TorchError.self) { try uNet(.ones([1, 2, 64, 64])) }
    #expect(throws: TorchError.self) { try uNet(.ones([64, 64])) }
    #expect(throws: TorchError.self) { try uNet(.ones([1, 1, 65, 65])) }
  }
}
