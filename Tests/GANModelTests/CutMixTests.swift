import GANModel
import Kernel
import Testing
import TorchCore
import TorchTestSupport

@Suite struct CutMixTests {
  /// size, real share, center row, center column, inverted -> a mask.
  @Test(arguments: 0..<6) func masksAgainstPyTorch(index: Int) throws {
    let fixture = try fixture("augmentation")
    let arguments = try fixture.tensor("mask.\(index).arguments").values(Float.self)
    let size = Int(arguments[0])
    let box = CutMix.Box(
      row: Int(arguments[2]), column: Int(arguments[3]),
      side: Int(Double(size) * (1 - Double(arguments[1])).squareRoot()),
      realInside: arguments[4] == 1)
    try expectClose(
      CutMix.mask([box], sizePixels: size).reshape([1, size, size]),
      fixture.tensor("mask.\(index).output"), rtol: 0, atol: 0)
  }

  @Test func aNegativeSideIsAnError() {
    #expect(throws: TorchError.self) {
      try CutMix.mask([CutMix.Box(row: 3, column: 3, side: -1)], sizePixels: 8)
    }
  }

  /// The boxes behind the masks of the loss fixtures.
  @Test func aBatchOfMasks() throws {
    let fixture = try fixture("losses64")
    func numbers(_ name: String) throws -> [Float] { try fixture.tensor("mask_\(name)").values() }
    let (shares, inverted) = (try numbers("real_share"), try numbers("inverted"))
    let (rows, columns) = (try numbers("center_row"), try numbers("center_column"))
    let boxes = shares.indices.map {
      CutMix.Box(
        row: Int(rows[$0]), column: Int(columns[$0]),
        side: Int(64 * (1 - Double(shares[$0])).squareRoot()), realInside: inverted[$0] == 1)
    }
    try expectClose(
      CutMix.mask(boxes, sizePixels: 64), fixture.tensor("mask"), rtol: 0, atol: 0)
  }

  @Test func mixTakesEachPixelFromItsSide() throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    let (real, fake) = (try random.normal([2, 1, 4, 4]), try random.normal([2, 1, 4, 4]))
    let mask = try CutMix.mask(
      [.init(row: 1, column: 1, side: 2), .init(row: 3, column: 0, side: 3, realInside: true)],
      sizePixels: 4)
    let mixed = try CutMix.mix(real: real, fake: fake, mask: mask)
    let expected = try Tensor.choose(mask .> 0.5, real, fake)
    try expectClose(mixed, expected, rtol: 1e-6, atol: 1e-6)
  }

  /// Zero where the map of the mix is the mix of the maps; the target is part of the graph.
  @Test func consistency() throws {
    let random = try RandomGenerator(seed: 2, .testInput)
    let (real, fake) = (try random.normal([1, 1, 4, 4]), try random.normal([1, 1, 4, 4]))
    let mask = try CutMix.mask([.init(row: 2, column: 2, side: 2)], sizePixels: 4)
    let mixed = try CutMix.mix(real: real, fake: fake, mask: mask)
    #expect(
      try CutMix.consistency(mixed: mixed, real: real, fake: fake, mask: mask).item() == 0)
    let off = try CutMix.consistency(mixed: mixed + 0.5, real: real, fake: fake, mask: mask)
    #expect(abs(try off.item() - 0.25) < 1e-6)
    let leaf = try real.clone().requireGradient()
    let loss = try CutMix.consistency(mixed: mixed + 0.5, real: leaf, fake: fake, mask: mask)
    // d/d real = -2 (mixed - target) mask / 16
    try expectClose(
      #require(try gradients(of: loss, for: [leaf])[0]), mask * (-2 * 0.5 / 16), rtol: 1e-5,
      atol: 1e-6)
  }

  @Test func randomBoxes() {
    var random = CounterRandom(3, .testInput)
    let size = 64
    let boxes = (0..<4000).map { _ in CutMix.Box.random(sizePixels: size, &random) }
    #expect(boxes.allSatisfy { (0..<size).contains($0.row) && (0..<size).contains($0.column) })
    #expect(boxes.allSatisfy { (0...size).contains($0.side) })
    #expect(Set(boxes.map(\.row)).count == size && Set(boxes.map(\.column)).count == size)
    // Half of 4000 +- 4 standard deviations.
    #expect(abs(boxes.filter(\.realInside).count - 2000) < 127)
    // The unclipped area is U(0, 1) of the image, less what rounding the side down takes.
    let areas = boxes.map { Double($0.side * $0.side) / Double(size * size) }
    let mean = areas.reduce(0, +) / 4000
    #expect(abs(mean - 0.5) < 4 * 0.289 / 63.2 + 1 / Double(size))
    var again = CounterRandom(3, .testInput)
    #expect(CutMix.Box.random(sizePixels: size, &again) == boxes[0])
  }

  @Test func probabilitySchedule() {
    func chance(_ epoch: Double, warmUp: Double = 10) -> Double {
      CutMix.probability(epoch: epoch, warmUpEpochs: warmUp, maximum: 0.5)
    }
    #expect(chance(0) == 0 && chance(5) == 0.25 && chance(10) == 0.5 && chance(1e6) == 0.5)
    #expect(chance(-3) == 0)
    #expect(chance(0, warmUp: 0) == 0.5)
  }
}
