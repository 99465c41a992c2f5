import Testing
import TorchCore
import TorchTestSupport

/// The operations that layers and losses are made of, forward and backward, against PyTorch.
@Suite struct OperationParityTests {
  @Test func linear() throws {
    try LayerCase("linear").check(["input", "weight", "bias"]) {
      try $0[0].linear($0[1], bias: $0[2])
    }
    try LayerCase("linear_no_bias").check(["input", "weight"]) {
      try $0[0].linear($0[1], bias: nil)
    }
  }

  @Test func linearInBFloat16() throws {
    // One unit in the last place of bfloat16 is 2^-8 of the value.
    try LayerCase("linear_bfloat16").check(["input", "weight", "bias"], rtol: 0x1p-7, atol: 0.01) {
      try $0[0].linear($0[1], bias: $0[2])
    }
  }

  @Test(arguments: [false, true]) func convolutions(channelsLast: Bool) throws {
    for (name, padding, stride) in [
      ("conv2d_3x3", 1, 1), ("conv2d_1x1", 0, 1), ("conv2d_stride2", 1, 2),
    ] {
      try LayerCase(name).check(["input", "weight", "bias"], channelsLast: channelsLast) {
        try $0[0].conv2d($0[1], bias: $0[2], stride: stride, padding: (padding, padding))
      }
    }
    try LayerCase("conv2d_no_bias").check(["input", "weight"], channelsLast: channelsLast) {
      try $0[0].conv2d($0[1], bias: nil, padding: (1, 1))
    }
  }

  @Test(arguments: ["training", "training_plain", "eval", "eval_plain"])
  func batchNorm(kind: String) throws {
    let layer = try LayerCase("batch_norm_\(kind)")
    let (mean, variance) = (try layer.tensor("running_mean"), try layer.tensor("running_var"))
    let hasWeights = !kind.hasSuffix("plain")
    try layer.check(hasWeights ? ["input", "weight", "bias"] : ["input"]) {
      try $0[0].batchNorm(
        weight: hasWeights ? $0[1] : nil, bias: hasWeights ? $0[2] : nil, runningMean: mean,
        runningVariance: variance, training: kind.hasPrefix("training"), momentum: 0.1,
        epsilon: 1e-5)
    }
    for (name, tensor) in [("running_mean", mean), ("running_var", variance)] {
      try expectClose(
        tensor, layer.tensor("updated_\(name)"), rtol: layerRTol, atol: layerATol, name)
    }
  }

  @Test func activations() throws {
    try LayerCase("relu").check { try $0[0].relu() }
    try LayerCase("leaky_relu").check { try $0[0].leakyRelu(0.2) }
    try LayerCase("softplus").check { try $0[0].softplus() }
    try LayerCase("tanh").check { try $0[0].tanh() }
    try LayerCase("sigmoid").check { try $0[0].sigmoid() }
  }

  @Test(arguments: [false, true]) func resampling(channelsLast: Bool) throws {
    try LayerCase("upsample_nearest").check(channelsLast: channelsLast) {
      try $0[0].upsampleNearest2x()
    }
    try LayerCase("avg_pool2d").check(channelsLast: channelsLast) {
      try $0[0].averagePool(kernel: 2)
    }
    try LayerCase("bilinear_up").check(channelsLast: channelsLast) {
      try $0[0].resizeBilinear(height: 9, width: 14)
    }
    try LayerCase("bilinear_down").check(channelsLast: channelsLast) {
      try $0[0].resizeBilinear(height: 3, width: 4)
    }
  }

  @Test func concatenateAndPad() throws {
    try LayerCase("cat").check(["input", "other"]) { try .concatenate($0, 1) }
    try LayerCase("reflect_pad").check {
      try $0[0].pad(left: 1, right: 2, top: 3, bottom: 0, .reflect)
    }
  }

  @Test func losses() throws {
    let crossEntropy = try LayerCase("bce_with_logits")
    let target = try crossEntropy.tensor("target")
    try crossEntropy.check { try $0[0].binaryCrossEntropyWithLogits(target) }
    try LayerCase("mse").check(["input", "target"]) { try $0[0].meanSquaredError($0[1]) }
  }

  @Test func bfloat16Rounding() throws {
    let rounding = try LayerCase("bfloat16")
    let rounded = try rounding.tensor("input").to(dtype: .bfloat16)
    // Values beyond the largest bfloat16 become infinite in both; equal infinities are close.
    try expectClose(rounded, rounding.tensor("output"), rtol: 0, atol: 0)
    try expectClose(rounded.to(dtype: .float32), rounding.tensor("round_trip"), rtol: 0, atol: 0)
  }

  @Test(arguments: [("odd", 5), ("even", 8)]) func fourier(kind: String, width: Int) throws {
    let forward = try LayerCase("rfft2_\(kind)")
    let input = try forward.tensor("input").requireGradient()
    let spectrum = try input.rfft2()
    try expectClose(spectrum, forward.tensor("output"), rtol: layerRTol, atol: layerATol)
    let cotangent = try forward.tensor("cotangent")
    try
      (weightedSum(spectrum.real(), cotangent.real())
      + weightedSum(spectrum.imaginary(), cotangent.imaginary())).backward()
    try expectClose(
      #require(try input.gradient), forward.tensor("grad.input"), rtol: layerRTol, atol: layerATol)
    try LayerCase("irfft2_\(kind)").check { try $0[0].irfft2(height: 6, width: width) }
  }
}
