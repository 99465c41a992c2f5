import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

@Suite struct BatchNorm2dTests {
  @Test(arguments: ["training", "eval"]) func parity(mode: String) throws {
    let fixture = try LayerCase("batch_norm_\(mode)")
    let layer = try BatchNorm2d(channels: 3)
    try layer.load([
      "weight": fixture.tensor("weight"), "bias": fixture.tensor("bias"),
      "running_mean": fixture.tensor("running_mean"),
      "running_var": fixture.tensor("running_var"),
    ])
    try layer.setTraining(mode == "training")
    let input = try fixture.tensor("input").requireGradient()
    let output = try layer(input)
    try weightedSum(output, fixture.tensor("cotangent")).backward()
    let state = try layer.state()
    let found = [
      "output": output, "grad.input": try input.gradient,
      "grad.weight": try state["weight"]?.gradient, "grad.bias": try state["bias"]?.gradient,
      "updated_running_mean": state["running_mean"], "updated_running_var": state["running_var"],
    ]
    for (key, tensor) in found {
      try expectClose(
        #require(tensor), fixture.tensor(key), rtol: layerRTol, atol: layerATol, key)
    }
  }

  /// (1 + gain(z)) * normalized + shift(z), with both functions written out.
  @Test func selfModulation() throws {
    let random = try RandomGenerator(seed: 1, .testInput)
    let layer = try SelfModulatedBatchNorm2d(channels: 3, latentSize: 4, random)
    let (x, z) = (try random.normal([5, 3, 2, 2]) * 3 + 1, try random.normal([5, 4]))
    let state = try layer.state()
    func modulation(_ name: String) throws -> Tensor {
      let hidden = try z.linear(
        #require(state["\(name).0.weight"]), bias: state["\(name).0.bias"])
      return try hidden.relu().linear(#require(state["\(name).2.weight"]), bias: nil)
        .reshape([5, 3, 1, 1])
    }
    let mean = try x.mean([0, 2, 3], keepDims: true)
    let variance = try (x - mean).square().mean([0, 2, 3], keepDims: true)
    let normalized = try (x - mean) * (variance + 1e-5).rsqrt()
    let expected = try (modulation("gain") + 1) * normalized + modulation("shift")
    try expectClose(layer(x, z), expected, rtol: 1e-4, atol: 1e-5)
    // Momentum 0.1 of the batch, with the unbiased variance.
    let running = try variance * (20.0 / 19.0) * 0.1 + 0.9
    try expectClose(
      #require(state["running_var"]), running.reshape([3]), rtol: 1e-5, atol: 1e-6)
    try expectClose(
      #require(state["running_mean"]), mean.reshape([3]) * 0.1, rtol: 1e-5, atol: 1e-6)
  }

  /// In evaluation a sample does not depend on its batch, and nothing is updated.
  @Test func evaluationUsesTheRunningStatistics() throws {
    let random = try RandomGenerator(seed: 2, .testInput)
    let layer = try SelfModulatedBatchNorm2d(channels: 3, latentSize: 4, random)
    let (x, z) = (try random.normal([5, 3, 2, 2]), try random.normal([5, 4]))
    _ = try layer(x, z)
    try layer.setTraining(false)
    let before = try layer.state()["running_mean"]!.floats()
    let all = try layer(x, z)
    let one = try layer(x.narrow(0, from: 2, length: 1), z.narrow(0, from: 2, length: 1))
    try expectClose(one, all.narrow(0, from: 2, length: 1), rtol: 1e-6, atol: 1e-6)
    #expect(try layer.state()["running_mean"]!.floats() == before)
  }

  @Test func wrongChannels() throws {
    #expect(throws: TorchError.self) { try BatchNorm2d(channels: 3)(.ones([2, 4, 2, 2])) }
  }
}
