import GANModel
import TestSupport
import Testing
import TorchCore
import TorchNN

/// The paper's own width, whose initialization takes seconds.
@Suite struct LargeModelTests {
  @Test(.tags(.slow)) func parameterCountsOfThePapersModel() throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    #expect(try Generator(Architecture(), random).parameterCount() == 39_042_049)
    #expect(try UNetDiscriminator(Architecture(), random).parameterCount() == 44_066_306)
  }
}
