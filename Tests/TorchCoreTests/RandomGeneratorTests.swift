import Testing
import TorchTestSupport

@testable import TorchCore

@Suite struct RandomGeneratorTests {
  @Test func theSeedDecides() throws {
    let (a, b, c) = (
      try RandomGenerator(seed: 5, .testInput), try RandomGenerator(seed: 5, .testInput),
      try RandomGenerator(seed: 6, .testInput)
    )
    let numbers = try a.normal([100]).floats()
    #expect(try b.normal([100]).floats() == numbers)
    #expect(try c.normal([100]).floats() != numbers)
    #expect(try a.normal([100]).floats() != numbers)
  }

  @Test func theStreamAndEveryBitOfTheSeedDecide() throws {
    let generators = [
      try RandomGenerator(seed: 5, .testInput), try RandomGenerator(seed: 5, .initialWeights),
      try RandomGenerator(seed: 5 + 1 << 32, .testInput),
    ]
    let numbers = try generators.map { try $0.uniform([50]).floats() }
    #expect(Set(numbers.joined()).count == 150)
  }

  /// An odd count leaves half a Box-Muller pair, which belongs to the state.
  @Test(arguments: [1, 7, 16, 33]) func aRestoredStateContinuesExactly(count: Int) throws {
    let generator = try RandomGenerator(seed: 5, .testInput)
    _ = try generator.normal([count])
    _ = try generator.uniform([3])
    let state = try generator.state()
    func draw(_ g: RandomGenerator) throws -> [[Float]] {
      [
        try g.normal([count]).floats(), try g.uniform([count]).floats(),
        try g.integers(in: -5..<50, [count]).floats(), try g.permutation(count).floats(),
      ]
    }
    let next = try draw(generator)
    let other = try RandomGenerator(seed: 99, .testInput)
    try other.restore(state)
    #expect(try draw(other) == next)
    try generator.restore(state)
    #expect(try draw(generator) == next)
  }

  @Test func garbageIsRefusedAndChangesNothing() throws {
    let (a, b) = (
      try RandomGenerator(seed: 5, .testInput), try RandomGenerator(seed: 5, .testInput)
    )
    let size = try a.state().count
    for garbage in [[], [1, 2, 3], [UInt8](repeating: 0xff, count: size)] {
      #expect(throws: TorchError.self) { try a.restore(garbage) }
    }
    #expect(try a.normal([10]).floats() == (try b.normal([10]).floats()))
  }

  @Test func generatorsDoNotDisturbEachOther() throws {
    let (a, b) = (
      try RandomGenerator(seed: 1, .testInput), try RandomGenerator(seed: 1, .testInput)
    )
    let other = try RandomGenerator(seed: 2, .testInput)
    var numbers: [Float] = []
    for _ in 0..<5 {
      numbers += try a.uniform([3]).floats()
      _ = try other.uniform([17])
    }
    #expect(numbers == (try (0..<5).flatMap { _ in try b.uniform([3]).floats() }))
  }

  @Test func distributions() throws {
    let generator = try RandomGenerator(seed: 8, .testInput)
    let count = 20_000
    let normal = try generator.normal([count], dtype: .float64)
    // Four standard errors.
    #expect(abs(try normal.mean().item()) < 4 / Double(count).squareRoot())
    #expect(abs(try normal.std().item() - 1) < 4 / (2 * Double(count)).squareRoot())
    let uniform = try generator.uniform([count], dtype: .float64)
    #expect(try uniform.min().item() >= 0 && uniform.max().item() < 1)
    #expect(abs(try uniform.mean().item() - 0.5) < 4 / (12 * Double(count)).squareRoot())
    let integers = try generator.integers(in: 3..<6, [count])
    #expect(integers.dtype == .int64)
    #expect(Set(try integers.values(Int64.self)) == [3, 4, 5])
    let order = try generator.permutation(50).values(Int64.self)
    #expect(order.sorted() == (0..<50).map(Int64.init) && order != order.sorted())
  }

  @Test func badArguments() throws {
    let generator = try RandomGenerator(seed: 1, .testInput)
    #expect(throws: TorchError.self) { try generator.normal([-1]) }
    #expect(throws: TorchError.self) { try generator.integers(in: 3..<3, [2]) }
    #expect(throws: TorchError.self) { try generator.permutation(-1) }
    #expect(throws: TorchError.self) { try generator.normal([2], dtype: .int64) }
  }
}
