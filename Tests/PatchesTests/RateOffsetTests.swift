import Testing

@testable import Kernel
@testable import Patches

@Suite struct RateOffsetTests {
  @Test func onlyTheFirstTenEpochsAreShifted() {
    let offset = RateOffset()
    for epoch in 0..<20 {
      var random = CounterRandom(1, .testInput, UInt64(epoch))
      #expect((offset.draw(epoch: epoch, from: &random) != 0) == (epoch < 10))
    }
  }

  @Test func offsetsAreUniformWithinTheLimits() {
    var random = CounterRandom(3, .testInput)
    let drawn = (0..<20_000).map { _ in Double(RateOffset().draw(epoch: 0, from: &random)) }
    let mean = drawn.reduce(0, +) / Double(drawn.count)
    let variance = drawn.reduce(0) { $0 + $1 * $1 } / Double(drawn.count)
    #expect(drawn.allSatisfy { abs($0) <= 5 })
    #expect(abs(mean) < 0.1)  // its standard error is 0.02
    #expect(abs(variance - 25.0 / 3) < 0.3)
    #expect((drawn.max() ?? 0) > 4.9 && (drawn.min() ?? 0) < -4.9)
  }
}
