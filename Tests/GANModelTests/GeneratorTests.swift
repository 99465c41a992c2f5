import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

@Suite struct GeneratorTests {
  @Test(arguments: [64, 128, 256]) func keysOrderAndShapes(size: Int) throws {
    let generator = try Generator(
      Architecture(sizePixels: size, channels: 16), RandomGenerator(seed: 1, .testInput))
    let golden = try goldenLines("generator-keys.txt", sizePixels: size)
    #expect(golden.count > 100)
    #expect(try keyLines(generator, sizePixels: size) == golden)
  }

  /// The published counts less two image channels.
  @Test(arguments: [
    (256, 16, 3_495_169), (256, 32, 10_969_089), (128, 32, 9_526_017), (64, 16, 2_966_273),
  ])
  func parameterCounts(size: Int, channels: Int, count: Int) throws {
    let architecture = Architecture(sizePixels: size, channels: channels)
    #expect(
      try Generator(architecture, RandomGenerator(seed: 1, .testInput)).parameterCount() == count)
  }

  @Test func parity() throws {
    let fixture = try fixture("generator64")
    let generator = try Generator(tiny(64), RandomGenerator(seed: 1, .testInput))
    try generator.load(fixture.group("state"))
    let latents = try fixture.tensor("input").requireGradient()
    let images = try generator(latents)
    try expectClose(images, fixture.tensor("train.output"), rtol: modelRTol, atol: modelATol)
    try expectState(of: generator, fixture.group("train.state"))
    try weightedSum(images, fixture.tensor("cotangent")).backward()
    let inputGradient = try fixture.tensor("grad.input")
    try expectGradients(of: generator, fixture.group("grad"))
    try expectClose(
      #require(try latents.gradient), inputGradient, rtol: 1e-3, atol: 1e-3, "grad.input")
    try generator.setTraining(false)
    try expectClose(
      generator(latents), fixture.tensor("eval.output"), rtol: modelRTol, atol: modelATol)
  }

  @Test(arguments: [64, 128, 256]) func mapsAreFiniteAndUnbounded(size: Int) throws {
    let random = try RandomGenerator(seed: 3, .testInput)
    let generator = try Generator(tiny(size), random)
    let latents = try random.normal([2, 8])
    let images = try withoutGradients { try generator(latents) }
    #expect(images.shape == [2, 1, size, size])
    #expect(try images.isFinite().all().values() == [true])
    // Nothing at the end holds the rates within -1 ... 1: a large gain comes through.
    try generator.outputNorm.weight.tensor.fill_(1000)
    let large = try withoutGradients { try generator(latents) }
    #expect(try large.max().item() > 10 && large.min().item() < -10)
  }

  @Test func theOutputGainMultiplies() throws {
    func maps(gain: Double) throws -> Tensor {
      let random = try RandomGenerator(seed: 7, .testInput)
      let architecture = Architecture(
        sizePixels: 64, channels: 1, latentSize: 8, outputGain: gain)
      let generator = try Generator(architecture, random)
      return try withoutGradients { try generator(random.normal([2, 8])) }
    }
    try expectClose(maps(gain: 2.5), maps(gain: 1) * 2.5, rtol: 1e-6, atol: 0)
  }

  @Test func inEvaluationASampleDoesNotDependOnItsBatch() throws {
    let random = try RandomGenerator(seed: 4, .testInput)
    let generator = try Generator(tiny(64), random)
    for _ in 0..<3 { _ = try generator(random.normal([4, 8])) }
    try generator.setTraining(false)
    let latents = try random.normal([5, 8])
    let all = try generator(latents)
    for range in [0..<1, 2..<3, 1..<4] {
      let part = try generator(latents.narrow(0, from: range.lowerBound, length: range.count))
      let same = try all.narrow(0, from: range.lowerBound, length: range.count)
      try expectClose(part, same, rtol: 0, atol: 1e-5, "\(range)")
    }
  }

  @Test func evaluationChangesNoState() throws {
    let random = try RandomGenerator(seed: 5, .testInput)
    let generator = try Generator(tiny(64), random)
    try generator.setTraining(false)
    let before = try generator.state().mapValues { try $0.floats() }
    _ = try generator(random.normal([2, 8]))
    #expect(try generator.state().mapValues { try $0.floats() } == before)
  }

  /// Standing statistics: batch norm learns the batches, the spectral norms stay.
  @Test func batchNormAloneInTraining() throws {
    let random = try RandomGenerator(seed: 6, .testInput)
    let generator = try Generator(tiny(64), random)
    try generator.setBatchNormTraining(true)
    let before = try generator.state().mapValues { try $0.floats() }
    _ = try generator(random.normal([3, 8]))
    for (name, tensor) in try generator.state() {
      let changed = try tensor.floats() != before[name]
      #expect(changed == name.contains("running_"), "\(name)")
    }
    try generator.setBatchNormTraining(false)
    let after = try generator.state().mapValues { try $0.floats() }
    _ = try generator(random.normal([3, 8]))
    #expect(try generator.state().mapValues { try $0.floats() } == after)
  }

  @Test func badInputThrows() throws {
    #expect(throws: ModelError.self) {
      try Generator(tiny(65), RandomGenerator(seed: 1, .testInput))
    }
    let generator = try Generator(tiny(64), RandomGenerator(seed: 1, .testInput))
    #expect(throws: TorchError.self) { try generator(.ones([2, 9])) }
    #expect(throws: TorchError.self) { try generator(.ones([2, 8, 1])) }
    #expect(throws: TorchError.self) { try generator(.ones([])) }
  }
}
