import Foundation
import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

@Suite struct ExponentialMovingAverageTests {
  @Test func startsAsACopyOfItsOwn() throws {
    let (source, average) = (try Nested(), try Nested())
    try source.layers[0].w.tensor.fill_(-8)
    let ema = try ExponentialMovingAverage(of: source, in: average)
    #expect(try average.layers[0].w.tensor.floats() == [-8])
    try source.layers[0].w.tensor.fill_(9)
    #expect(try ema.average.layers[0].w.tensor.floats() == [-8])
    #expect(try average.parameters().allSatisfy { !$0.requiresGradient })
    #expect(try source.parameters().allSatisfy { $0.requiresGradient })
  }

  @Test func aDecayOfZeroCopies() throws {
    let (source, average) = (try Nested(), try Nested())
    let ema = try ExponentialMovingAverage(of: source, in: average)
    for (index, entry) in try source.namedTensors().enumerated() {
      try entry.tensor.fill_(Double(index) + 0.1)
    }
    try ema.update(decay: 0)
    for (a, b) in zip(try average.namedTensors(), try source.namedTensors()) {
      #expect(try a.tensor.floats() == b.tensor.floats(), "\(a.name)")
    }
  }

  /// With a source that stays at s, k updates leave s + (a - s) decay^k, in buffers too.
  @Test(arguments: [0.5, 0.9, 0.999]) func closedForm(decay: Double) throws {
    let (source, average) = (try Nested(), try Nested())
    let ema = try ExponentialMovingAverage(of: source, in: average)
    try source.firstWeight.tensor.fill_(3)
    try source.runningMean.tensor.fill_(-4)
    for _ in 0..<7 { try ema.update(decay: decay) }
    let remaining = pow(decay, 7)
    try expectClose(
      average.firstWeight.tensor, .full([2], 3 - 2 * remaining), rtol: 1e-6, atol: 0)
    try expectClose(
      average.runningMean.tensor, .full([1], -4 + 6 * remaining), rtol: 1e-6, atol: 1e-6)
    #expect(try source.firstWeight.tensor.floats() == [3, 3], "the source stays")
  }

  @Test func anotherArchitectureIsRefused() throws {
    let source = try Pair(a: .ones([2]), b: .ones([3]))
    let average = try Pair(a: .ones([2]), b: .ones([4]))
    #expect(throws: ModuleError.self) {
      _ = try ExponentialMovingAverage(of: source, in: average)
    }
  }
}
