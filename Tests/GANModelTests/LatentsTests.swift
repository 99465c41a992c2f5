import GANModel
import Kernel
import Testing
import TorchCore

@Suite struct LatentsTests {
  @Test func aSampleIsTheSameInEveryRange() throws {
    let all = try Latents.samples(0..<20, size: 7, seed: 5).floats()
    for range in [3..<4, 0..<1, 10..<20, 19..<20] {
      let part = try Latents.samples(range, size: 7, seed: 5)
      #expect(part.shape == [range.count, 7])
      #expect(try part.floats() == Array(all[range.lowerBound * 7..<range.upperBound * 7]))
    }
    #expect(try Latents.samples(4..<4, size: 7, seed: 5).shape == [0, 7])
    #expect(try Latents.samples(0..<20, size: 7, seed: 6).floats() != all)
  }

  @Test func areStandardNormal() throws {
    let n = 512 * 128.0
    let latents = try Latents.samples(1000..<1512, size: 128, seed: 1)
    #expect(abs(try latents.mean().item()) < 4 / n.squareRoot())
    #expect(abs(try latents.std().item() - 1) < 4 / (2 * n).squareRoot())
    // Different samples do not go together: a correlation of 128 pairs is below 5 / sqrt(128).
    let first = try latents.narrow(0, from: 0, length: 1)
    let others = try latents.narrow(0, from: 1, length: 511)
    let correlations = try (others * first).mean([1]).abs().max().item()
    #expect(correlations < 5 / 128.0.squareRoot())
  }

  @Test func drawContinuesItsStream() throws {
    var random = CounterRandom(3, .testInput)
    let first = try Latents.draw(4, 8, &random)
    let second = try Latents.draw(4, 8, &random)
    #expect(first.shape == [4, 8] && first.dtype == .float32)
    #expect(try first.floats() != (try second.floats()))
    var again = CounterRandom(3, .testInput)
    #expect(
      try Latents.draw(8, 8, &again).floats() == (try first.floats()) + (try second.floats()))
  }
}
