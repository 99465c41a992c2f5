import Kernel
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel

@Suite struct DiffAugmentTests {
  private func integers(_ name: String) throws -> [Int] {
    try fixture("augmentation").tensor(name).floats().map { Int($0) }
  }

  /// Output and the gradient with respect to the images against PyTorch.
  private func check(_ name: String, _ function: (Tensor) throws -> Tensor) throws {
    let fixture = try fixture("augmentation")
    let images = try fixture.tensor("images").requireGradient()
    let output = try function(images)
    try expectClose(output, fixture.tensor("\(name).output"), rtol: 0, atol: 0, name)
    let loss = try weightedSum(output, fixture.tensor("cotangent"))
    try expectClose(
      #require(try gradients(of: loss, for: [images])[0]), fixture.tensor("\(name).grad"),
      rtol: 1e-6, atol: 1e-6, "\(name).grad")
  }

  @Test func translate() throws {
    let shifts = zip(try integers("translate.rows"), try integers("translate.columns")).map {
      DiffAugment.Shift(down: $0, right: $1)
    }
    try check("translate") { try DiffAugment.translate($0, shifts) }
  }

  @Test func cutOut() throws {
    let side = try integers("cut_out.side")[0]
    let boxes = zip(try integers("cut_out.rows"), try integers("cut_out.columns")).map {
      CutMix.Box(row: $0, column: $1, side: side)
    }
    try check("cut_out") { try DiffAugment.cutOut($0, boxes) }
  }

  @Test func offIsTheIdentity() throws {
    var random = CounterRandom(1, .testInput)
    let images = try RandomGenerator(seed: 1, .testInput).normal([2, 1, 8, 8])
    let augment = DiffAugment()
    #expect(!augment.isOn && augment.faults() == [])
    #expect(try augment(images, &random).floats() == (try images.floats()))
    #expect(random == CounterRandom(1, .testInput), "no random number is spent")
  }

  /// Values stay rates: what is not zeroed is one of the image's own values.
  @Test func shiftsStayWithinTheirShare() throws {
    let augment = DiffAugment(translationShare: 0.25, cutoutShare: 0)
    #expect(augment.isOn)
    var random = CounterRandom(2, .testInput)
    let size = 8
    var image = [Float](repeating: 0, count: size * size)
    image[4 * size + 4] = 5
    let batch = try Tensor((0..<200).flatMap { _ in image }, shape: [200, 1, size, size])
    let moved = try augment(batch, &random)
    #expect(moved.shape == batch.shape)
    let values = try moved.floats()
    let places = values.indices.filter { values[$0] != 0 }.map { $0 % (size * size) }
    #expect(places.count == 200 && values.allSatisfy { $0 == 0 || $0 == 5 })
    #expect(Set(places.map { $0 / size }) == [2, 3, 4, 5, 6])
    #expect(Set(places.map { $0 % size }) == [2, 3, 4, 5, 6])
  }

  @Test func cutsASquareOfItsShare() throws {
    let augment = DiffAugment(cutoutShare: 0.5)
    var random = CounterRandom(3, .testInput)
    let cut = try augment(.ones([100, 1, 8, 8]), &random)
    let zeros = try cut.sum([1, 2, 3]).floats().map { 64 - Int($0) }
    // Clipped at the border, where at least 2 x 2 of 4 x 4 remain.
    #expect(zeros.allSatisfy { (4...16).contains($0) } && zeros.contains(16))
  }

  @Test func theSeedDecides() throws {
    let augment = DiffAugment(translationShare: 0.2, cutoutShare: 0.3)
    let images = try RandomGenerator(seed: 1, .testInput).normal([4, 1, 16, 16])
    func values(_ seed: UInt64) throws -> [Float] {
      var random = CounterRandom(seed, .testInput)
      return try augment(images, &random).floats()
    }
    #expect(try values(1) == values(1))
    #expect(try values(1) != values(2))
  }

  @Test func faults() {
    #expect(DiffAugment(translationShare: 0.5, cutoutShare: 1).faults() == [])
    let faults = DiffAugment(translationShare: 0.6, cutoutShare: -0.1).faults()
    #expect(faults.count == 2)
    #expect(faults[0].hasPrefix("translationShare is 0.6"))
    #expect(faults[1].hasPrefix("cutoutShare is -0.1"))
    #expect(DiffAugment(translationShare: .nan, cutoutShare: .nan).faults().count == 2)
  }
}
