import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

@Suite struct LayerTests {
  @Test(arguments: ["linear", "linear_no_bias"]) func linear(name: String) throws {
    let hasBias = name == "linear"
    let layer = try Linear(
      inputFeatures: 5, outputFeatures: 4, hasBias: hasBias, RandomGenerator(seed: 1, .testInput))
    let keys = hasBias ? ["weight", "bias"] : ["weight"]
    try check(layer, name, keys)
  }

  @Test(arguments: [("conv2d_3x3", 3), ("conv2d_1x1", 1)])
  func conv2d(name: String, kernel: Int) throws {
    let layer = try Conv2d(
      inputChannels: 3, outputChannels: 4, kernelSize: kernel, RandomGenerator(seed: 1, .testInput))
    try check(layer, name, ["weight", "bias"])
  }

  @Test func relu() throws { try check(ReLU(), "relu", []) }

  private func check(_ layer: any Layer, _ name: String, _ keys: [String]) throws {
    let fixture = try LayerCase(name)
    try layer.load(Dictionary(uniqueKeysWithValues: keys.map { ($0, try fixture.tensor($0)) }))
    let input = try fixture.tensor("input").requireGradient()
    let output = try layer(input)
    try expectClose(output, fixture.tensor("output"), rtol: layerRTol, atol: layerATol, name)
    try weightedSum(output, fixture.tensor("cotangent")).backward()
    let state = try layer.state()
    for (key, tensor) in [("input", input)] + keys.map({ ($0, state[$0]!) }) {
      try expectClose(
        #require(try tensor.gradient), fixture.tensor("grad.\(key)"), rtol: layerRTol,
        atol: layerATol, "\(name).grad.\(key)")
    }
  }

  @Test func sequentialAppliesInOrder() throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    let first = try Linear(inputFeatures: 2, outputFeatures: 3, random)
    let second = try Linear(inputFeatures: 3, outputFeatures: 1, random)
    let x = try random.normal([4, 2])
    let expected = try second(first(x).relu())
    try expectClose(Sequential([first, ReLU(), second])(x), expected, rtol: 0, atol: 0)
    try expectClose(Sequential([])(x), x, rtol: 0, atol: 0)
  }

  @Test func wrongInputsThrow() throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    let linear = try Linear(inputFeatures: 2, outputFeatures: 3, random)
    #expect(throws: TorchError.self) { try linear(.ones([4, 3])) }
    let conv = try Conv2d(inputChannels: 2, outputChannels: 3, kernelSize: 3, random)
    #expect(throws: TorchError.self) { try conv(.ones([4, 3, 5, 5])) }
    #expect(throws: TorchError.self) {
      try Linear(inputFeatures: 0, outputFeatures: 3, random)
    }
    #expect(throws: TorchError.self) {
      try Conv2d(inputChannels: -1, outputChannels: 3, kernelSize: 3, random)
    }
  }
}
