import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

@Suite struct SpectralNormTests {
  /// Three training forwards, whose power iteration continues, and one in evaluation.
  private func checkForwards(_ layer: any Layer & SpectrallyNormalized, _ name: String) throws {
    let fixture = try LayerCase(name)
    try layer.load([
      "weight": fixture.tensor("weight"), "bias": fixture.tensor("bias"),
      "weight_u": fixture.tensor("initial_weight_u"),
      "weight_v": fixture.tensor("initial_weight_v"),
    ])
    for step in ["0", "1", "2", "eval"] {
      try layer.setTraining(step != "eval")
      try layer.clearGradients()
      let input = try fixture.tensor("input").requireGradient()
      let output = try layer(input)
      try weightedSum(output, fixture.tensor("cotangent")).backward()
      let state = try layer.state()
      let found = [
        "output": output, "weight_u": state["weight_u"], "weight_v": state["weight_v"],
        "grad.input": try input.gradient, "grad.weight": try state["weight"]?.gradient,
        "grad.bias": try state["bias"]?.gradient,
      ]
      for (key, tensor) in found {
        try expectClose(
          #require(tensor), fixture.tensor("\(step).\(key)"), rtol: layerRTol, atol: layerATol,
          "\(name).\(step).\(key)")
      }
    }
  }

  @Test func linear() throws {
    let layer = try SpectralLinear(
      inputFeatures: 5, outputFeatures: 4, RandomGenerator(seed: 1, .testInput))
    try checkForwards(layer, "spectral_linear")
  }

  @Test(arguments: [("spectral_conv2d", 4, 3), ("spectral_conv2d_1x1", 2, 1)])
  func convolution(name: String, outputs: Int, kernel: Int) throws {
    let layer = try SpectralConv2d(
      inputChannels: 3, outputChannels: outputs, kernelSize: kernel,
      RandomGenerator(seed: 1, .testInput))
    try checkForwards(layer, name)
  }

  /// After many iterations the largest singular value of the normalized weight is 1.
  @Test func convergesToSpectralNormOne() throws {
    let random = try RandomGenerator(seed: 2, .testInput)
    let layer = try SpectralLinear(inputFeatures: 6, outputFeatures: 5, random)
    try layer.weight.tensor.copy(from: random.normal([5, 6]))
    let input = try Tensor.zeros([1, 6])
    for _ in 0..<200 { _ = try layer(input) }
    let weight = try layer.normalizedWeight()
    let gram = try weight.matmul(weight.transpose(0, 1)).detached()
    let largest = try gram.symmetricEigenvalues().max().item()
    #expect(abs(largest - 1) < 1e-5)
  }

  @Test func theBuffersAreUnitVectors() throws {
    let layer = try SpectralConv2d(
      inputChannels: 3, outputChannels: 4, kernelSize: 3, RandomGenerator(seed: 3, .testInput))
    #expect(abs(try layer.weightU.tensor.norm().item() - 1) < 1e-6)
    #expect(abs(try layer.weightV.tensor.norm().item() - 1) < 1e-6)
    #expect(layer.weightU.tensor.shape == [4] && layer.weightV.tensor.shape == [27])
    #expect(!layer.weightU.tensor.requiresGradient)
  }

  /// The forms that take in the resampling agree with the layer and the resampling apart.
  @Test(arguments: [1, 3]) func resampledForms(kernel: Int) throws {
    let random = try RandomGenerator(seed: 4, .testInput)
    let layer = try SpectralConv2d(
      inputChannels: 3, outputChannels: 2, kernelSize: kernel, random)
    try layer.setTraining(false)
    let x = try random.normal([2, 3, 16, 16])
    try expectClose(
      layer.onUpsampled(x), layer(x.upsampleNearest2x()), rtol: layerRTol, atol: layerATol)
    try expectClose(
      layer.thenAveraged(x), layer(x).averagePool(kernel: 2), rtol: layerRTol, atol: layerATol)
  }
}
