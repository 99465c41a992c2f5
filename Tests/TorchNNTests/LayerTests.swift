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

  /// Each group by itself, then each channel with its own gain and bias.
  @Test func groupsOfChannelsAreNormalized() throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    let x = try random.normal([2, 6, 5, 4]) * 3 + 2
    let layer = try GroupNorm(groups: 3, channels: 6)
    let normalized = try layer(x).reshape([2, 3, -1])
    try expectClose(normalized.mean([2]), .zeros([2, 3]), rtol: 0, atol: 1e-5)
    try expectClose(
      normalized.std([2], correction: 0), .ones([2, 3]), rtol: 1e-4, atol: 0)
    let (gain, bias) = (try random.normal([6]), try random.normal([6]))
    try layer.load(["weight": gain, "bias": bias])
    let expected = try normalized.reshape(x.shape) * gain.reshape([6, 1, 1])
    try expectClose(layer(x), expected + bias.reshape([6, 1, 1]), rtol: 1e-5, atol: 1e-5)
    #expect(throws: TorchError.self) { try GroupNorm(groups: 4, channels: 6)(x) }
  }

  /// With a group for each channel, a convolution treats channels one by one.
  @Test func groupsOfAConvolutionAreConvolutionsOfTheirOwn() throws {
    let random = try RandomGenerator(seed: 2, .testInput)
    let (x, weight) = (try random.normal([2, 3, 6, 6]), try random.normal([3, 1, 3, 3]))
    let together = try x.conv2d(weight, bias: nil, padding: (1, 1), groups: 3)
    let apart = try (0..<3).map {
      try x.narrow(1, from: $0, length: 1)
        .conv2d(weight.narrow(0, from: $0, length: 1), bias: nil, padding: (1, 1))
    }
    try expectClose(together, .concatenate(apart, 1), rtol: 1e-5, atol: 1e-5)
    #expect(throws: TorchError.self) { try x.conv2d(weight, bias: nil, groups: 2) }
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
