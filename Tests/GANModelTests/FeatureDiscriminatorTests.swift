import Foundation
import Kernel
import Patches
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

@Suite struct FeatureDiscriminatorTests {
  private let twin: TensorFixture
  private let discriminator: FeatureDiscriminator

  private static let trunk = shippedModelPath("features")

  init() throws {
    twin = try fixture("features")
    discriminator = try FeatureDiscriminator(
      FeatureTrunk(Self.trunk), labelCount: 5, RandomGenerator(seed: 1, .testInput))
    try fill()
    try discriminator.setTraining(false)
  }

  /// The twin keeps its layers under other names.
  private static func twinName(_ name: String) -> String {
    var parts = name.split(separator: ".").map(String.init)
    guard parts[0] == "heads", let head = Int(parts[1]) else { return name }
    func layer(_ stage: Int, _ kind: String) -> [String] {
      ["body", "\(3 * stage + (kind == "conv" ? 0 : 1))"]
    }
    switch parts[2] {
    case "halvings": parts.replaceSubrange(2...4, with: layer(Int(parts[3]) ?? 0, parts[4]))
    case "mixing": parts.replaceSubrange(2...3, with: layer(3 - head, parts[3]))
    case "projection": parts[2] = "label"
    default: break
    }
    return parts.joined(separator: ".").replacing("weight_u", with: "_u")
      .replacing("weight_v", with: "_v")
  }

  /// Numbers that look random, as the twin makes them.
  private static func noise(_ seed: Int, _ count: Int) -> [Float] {
    (0..<count).map {
      let wave = sin(Double($0) * 12.9898 + Double(seed)) * 43758.5453
      return Float((wave - wave.rounded(.down)) * 2 - 1)
    }
  }

  private func fill() throws {
    let state = try discriminator.state()
    var filled = state
    let learned = state.keys.filter { !$0.hasSuffix("_u") && !$0.hasSuffix("_v") }
    let sorted = learned.sorted { Self.twinName($0) < Self.twinName($1) }
    for (seed, name) in sorted.enumerated() {
      let shape = try #require(state[name]).shape
      let inputs = shape.count > 1 ? shape.dropFirst().reduce(1, *) : 30
      let numbers = try Tensor(
        Self.noise(seed, shape.reduce(1, *)), shape: shape)
      let isNorm = shape.count == 1 && name.hasSuffix("weight")
      filled[name] = try numbers * (3 / Double(inputs)).squareRoot() + (isNorm ? 1 : 0)
    }
    for name in state.keys where name.hasSuffix("_u") || name.hasSuffix("_v") {
      filled[name] = try twin.tensor(Self.twinName(name))
    }
    try discriminator.load(filled)
  }

  @Test func picturesAsInPyTorch() throws {
    let pictures = try FeatureDiscriminator.pictures(
      twin.tensor("maps"), seen: twin.tensor("images"))
    try expectClose(pictures, twin.tensor("pictures"), rtol: 1e-5, atol: 1e-5)
    try expectClose(
      FieldNormalization.restored(twin.tensor("images"), labels: twin.tensor("raw")),
      twin.tensor("restored"), rtol: 1e-4, atol: 1e-4)
  }

  @Test func featuresAsInPyTorch() throws {
    let features = try FeatureTrunk(Self.trunk)(
      twin.tensor("pictures").resizeBilinear(height: 128, width: 128))
    #expect(
      features.map(\.shape) == [
        [2, 24, 32, 32], [2, 40, 16, 16], [2, 112, 8, 8], [2, 192, 4, 4],
      ])
    for (index, all) in features.enumerated() {
      func every(_ x: Tensor, _ dim: Int, from start: Int, _ step: Int) throws -> Tensor {
        let places = stride(from: start, to: x.shape[dim], by: step).map(Int64.init)
        return try x.select(dim, indices: Tensor(places, shape: [places.count]))
      }
      var some = try every(all, 1, from: 0, 5)
      if all.shape[2] > 4 { some = try every(every(some, 2, from: 1, 4), 3, from: 1, 4) }
      let expected = try twin.tensor("features.\(index)")
      let scale = try expected.abs().max().item()
      try expectClose(some, expected, rtol: 1e-4, atol: 1e-4 * scale)
    }
  }

  @Test func logitsAndLossAsInPyTorch() throws {
    let (pictures, fake) = (try twin.tensor("pictures"), try twin.tensor("fake"))
    let labels = try twin.tensor("labels")
    let logits = try discriminator(
      .concatenate([pictures, fake], 0), labels: .concatenate([labels, labels], 0))
    #expect(logits.count == 4)
    for (index, value) in logits.enumerated() {
      try expectClose(value, twin.tensor("logits.\(index)"), rtol: 1e-3, atol: 1e-3)
    }
    let (loss, gap) = try discriminator.loss(real: pictures, fake: fake, labels: labels)
    try expectClose(loss, twin.tensor("loss"), rtol: 1e-4, atol: 1e-4)
    try expectClose(gap, twin.tensor("gap"), rtol: 1e-3, atol: 1e-4)
    try loss.backward()
    let weights = try discriminator.state()
    let names = Dictionary(uniqueKeysWithValues: weights.keys.map { (Self.twinName($0), $0) })
    let gradients = try twin.group("loss")
    #expect(gradients.count == 4)
    for (key, expected) in gradients {
      let name = try #require(names[key])
      let weight = try #require(weights[name])
      let gradient = try #require(try weight.gradient)
      let scale = try expected.abs().max().item()
      try expectClose(
        gradient.narrow(0, from: 0, length: expected.shape[0]), expected, rtol: 1e-2,
        atol: 2e-3 * scale)
    }
  }

  /// What the generator learns from it: through the fixed network back to the maps.
  @Test func theGeneratorsLossAndItsGradientAsInPyTorch() throws {
    let maps = try twin.tensor("maps").clone().requireGradient()
    let loss = try discriminator.withoutParameterGradients {
      try discriminator.generatorLoss(
        FeatureDiscriminator.pictures(maps, seen: twin.tensor("images")),
        labels: twin.tensor("labels"))
    }
    try expectClose(loss, twin.tensor("judged"), rtol: 1e-3, atol: 1e-4)
    try loss.backward()
    let gradient = try #require(try maps.gradient)
    let expected = try twin.tensor("judged.maps")
    try expectClose(gradient, expected, rtol: 2e-2, atol: 5e-3 * expected.abs().max().item())
  }

  @Test func onlyHeadsAreLearned() throws {
    let shapes = try discriminator.parameters().map(\.shape)
    #expect(!shapes.isEmpty && discriminator.heads.count == 4)
    #expect(
      try discriminator.parameters().count
        == discriminator.heads.flatMap { try $0.parameters() }.count)
    let plain = try FeatureDiscriminator(
      FeatureTrunk(Self.trunk), labelCount: 0, RandomGenerator(seed: 1, .testInput))
    #expect(
      try plain(twin.tensor("pictures"), labels: nil).map(\.shape) == [
        [2, 4], [2, 4], [2, 4], [2, 4],
      ])
  }

  /// Each process draws for the whole batch and takes its part.
  @Test func augmentedPicturesAreMovedAndHaveHoles() throws {
    let count = 40
    let ramp = (0..<64 * 64).map { Float($0 % 64 + 1) }
    let pictures = try Tensor(ramp, shape: [1, 1, 64, 64]).expand([count, 3, 64, 64])
    var random = CounterRandom(1, .testInput)
    let whole = try FeatureDiscriminator.augmented(pictures, .whole(count), &random)
    random = CounterRandom(1, .testInput)
    let part = try FeatureDiscriminator.augmented(
      pictures.narrow(0, from: 0, length: 10), BatchShare(total: count, range: 30..<40), &random)
    try expectClose(part, whole.narrow(0, from: 30, length: 10), rtol: 0, atol: 0)
    let rows = try whole.floats()
    var (holes, shifts): (Int, Set<Float>) = (0, [])
    for index in 0..<count {
      let map = rows[index * 3 * 4096..<index * 3 * 4096 + 4096]
      let zeros = map.count { $0 == 0 }
      holes += zeros > 0 ? 1 : 0
      #expect(zeros <= 27 * 27)
      // Mirrored at the border, so nothing but the hole is zero.
      let first = map[map.startIndex + 20 * 64 + 32]
      if first > 0 { shifts.insert(33 - first) }
    }
    #expect(holes > 10 && holes < 30, "\(holes)")
    #expect(shifts.count > 5 && shifts.allSatisfy { abs($0) <= 8 }, "\(shifts)")
  }

  @Test func anotherFileIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("features.safetensors")
    try Safetensors.write(["stem": .zeros([1])], to: path)
    let error = #expect(throws: TorchError.self) { try FeatureTrunk(path) }
    let message = "\(try #require(error))"
    #expect(message.contains(path) && message.contains("features.weight=0"), "\(message)")
    #expect(throws: TorchError.self) { try FeatureTrunk(folder.file("none.safetensors")) }
  }
}
