import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

@Suite struct AdamTests {
  /// Five steps with gradients from large to tiny, where epsilon matters.
  @Test(arguments: [("adam", 0.0), ("adam_momentum", 0.9)])
  func parity(name: String, beta1: Double) throws {
    let fixture = try LayerCase(name)
    let pair = try Pair(a: fixture.tensor("a"), b: fixture.tensor("b"))
    let adam = try Adam(
      pair, options: AdamOptions(learningRate: 1e-3, beta1: beta1, beta2: 0.999, epsilon: 1e-6))
    for step in 0..<5 {
      try pair.a.tensor.setGradient(fixture.tensor("\(step).grad.a"))
      try pair.b.tensor.setGradient(fixture.tensor("\(step).grad.b"))
      try adam.step()
      for (key, tensor) in [("a", pair.a.tensor), ("b", pair.b.tensor)] {
        try expectClose(
          tensor, fixture.tensor("\(step).\(key)"), rtol: 1e-6, atol: 1e-7, "\(step).\(key)")
      }
    }
    let state = adam.state()
    for key in ["a", "b"] {
      for moment in ["exp_avg", "exp_avg_sq"] {
        try expectClose(
          #require(state["\(key).\(moment)"]), fixture.tensor("\(moment).\(key)"), rtol: 1e-5,
          atol: 1e-10, "\(moment).\(key)")
      }
      #expect(try state["\(key).step"]?.item() == 5)
    }
  }

  private func random(seed: UInt64) throws -> Pair {
    let random = try RandomGenerator(seed: seed, .testInput)
    return try Pair(a: random.normal([3, 4]), b: random.normal([5]))
  }
  private func train(_ pair: Pair, _ adam: Adam, seeds: Range<UInt64>) throws {
    for seed in seeds {
      let gradients = try RandomGenerator(seed: seed, .testInput)
      try pair.a.tensor.setGradient(gradients.normal([3, 4]))
      try pair.b.tensor.setGradient(gradients.normal([5]))
      try adam.step()
    }
  }

  @Test func aLoadedStateContinuesBitwise() throws {
    let options = AdamOptions(learningRate: 0.01, beta1: 0.5)
    let first = try random(seed: 1)
    let adam = try Adam(first, options: options)
    try train(first, adam, seeds: 10..<13)

    let second = try random(seed: 2)
    try second.load(first.state().mapValues { try $0.detached().clone() })
    let resumed = try Adam(second, options: options)
    try resumed.load(adam.state().mapValues { try $0.clone() })
    try train(first, adam, seeds: 13..<16)
    try train(second, resumed, seeds: 13..<16)
    for (a, b) in zip(try first.namedTensors(), try second.namedTensors()) {
      #expect(try a.tensor.floats() == b.tensor.floats())
    }
    for (name, tensor) in adam.state() {
      #expect(try tensor.floats() == resumed.state()[name]?.floats(), "\(name)")
    }
  }

  @Test func aParameterWithoutAGradientIsPassedOver() throws {
    let pair = try random(seed: 1)
    let before = try pair.b.tensor.floats()
    let adam = try Adam(pair, options: AdamOptions(learningRate: 0.1, weightDecay: 0.5))
    try pair.a.tensor.setGradient(.ones([3, 4]))
    try adam.step()
    #expect(try pair.b.tensor.floats() == before)
    #expect(try adam.state()["b.step"]?.item() == 0)
    #expect(try adam.state()["a.step"]?.item() == 1)
    try adam.clearGradients()
    let after = try pair.a.tensor.floats()
    try adam.step()
    #expect(try pair.a.tensor.floats() == after)
  }

  /// The first step is the learning rate long, whatever the size of the gradient.
  @Test func theFirstStepIsTheLearningRate() throws {
    let pair = try Pair(a: .zeros([3, 4]), b: .zeros([5]))
    let adam = try Adam(pair, options: AdamOptions(learningRate: 0.25))
    try pair.a.tensor.setGradient(.full([3, 4], -1e3))
    try pair.b.tensor.setGradient(.full([5], 1e-3))
    try adam.step()
    expectClose(
      try doubles(pair.a.tensor) + doubles(pair.b.tensor),
      [Double](repeating: 0.25, count: 12) + [Double](repeating: -0.25, count: 5), rtol: 1e-4,
      atol: 0)
  }

  @Test func statesThatDoNotFitChangeNothing() throws {
    let pair = try random(seed: 1)
    let adam = try Adam(pair, options: AdamOptions(learningRate: 0.1))
    try train(pair, adam, seeds: 1..<2)
    let before = try adam.state().mapValues { try $0.floats() }
    var state = try adam.state().mapValues { try $0 * 2 }
    state["a.exp_avg_sq"] = try Tensor.ones([4, 3])
    #expect(throws: ModuleError.shape(name: "a.exp_avg_sq", expected: [3, 4], got: [4, 3])) {
      try adam.load(state)
    }
    state["b.step"] = nil
    #expect(throws: ModuleError.missingTensors(["b.step"])) { try adam.load(state) }
    #expect(try adam.state().mapValues { try $0.floats() } == before)
  }
}
