import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

/// The rewritten convolutions against the plain composition, values and all gradients.
@Suite struct ResampledConvolutionTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    let kernel, side: Int
    let channelsLast: Bool
    var testDescription: String { "k \(kernel), \(side) px\(channelsLast ? ", NHWC" : "")" }
  }
  /// Sides of the larger image: below, at and above the one from which kernels are rewritten.
  static let settings = [1, 3].flatMap { kernel in
    [4, 14, 16, 18, 32].flatMap { side in
      [false, true].map { Setting(kernel: kernel, side: side, channelsLast: $0) }
    }
  }
  typealias Operation = (Tensor, Tensor, Tensor) throws -> Tensor

  /// Sums of up to 32 * 32 * 2 products of numbers near 1 in another order.
  private func expectEqual(
    _ actual: Operation, _ expected: Operation, inputSide: Int, width: Int, _ setting: Setting
  ) throws {
    let random = try RandomGenerator(seed: 7, .testInput)
    let x = try random.normal([2, 3, inputSide, width])
    let leaves = [
      try (setting.channelsLast ? x.channelsLast() : x).requireGradient(),
      try random.normal([5, 3, setting.kernel, setting.kernel]).channelsLast().requireGradient(),
      try random.normal([5]).requireGradient(),
    ]
    let a = try actual(leaves[0], leaves[1], leaves[2])
    let b = try expected(leaves[0], leaves[1], leaves[2])
    try expectClose(a, b, rtol: 1e-5, atol: 1e-5, "output")
    let cotangent = try random.normal(b.shape)
    let found = try gradients(of: weightedSum(a, cotangent), for: leaves)
    let wanted = try gradients(of: weightedSum(b, cotangent), for: leaves)
    for (index, name) in ["input", "weight", "bias"].enumerated() {
      try expectClose(
        #require(found[index]), #require(wanted[index]), rtol: 1e-4, atol: 2e-4, "grad.\(name)")
    }
  }

  @Test(arguments: settings) func upsampleThenConvolve(setting: Setting) throws {
    let pad = setting.kernel / 2
    for width in [setting.side / 2, setting.side / 2 + 1] {
      try expectEqual(
        { try ResampledConvolution.upsampleThenConvolve($0, $1, bias: $2) },
        { try $0.upsampleNearest2x().conv2d($1, bias: $2, padding: (pad, pad)) },
        inputSide: setting.side / 2, width: width, setting)
    }
  }

  @Test(arguments: settings) func convolveThenAverage(setting: Setting) throws {
    let pad = setting.kernel / 2
    for width in [setting.side, setting.side + 2] {
      try expectEqual(
        { try ResampledConvolution.convolveThenAverage($0, $1, bias: $2) },
        { try $0.conv2d($1, bias: $2, padding: (pad, pad)).averagePool(kernel: 2) },
        inputSide: setting.side, width: width, setting)
    }
  }

  @Test func otherKernelsAndInputsThrow() throws {
    let x = try Tensor.ones([1, 1, 4, 4])
    let bias = try Tensor.ones([1])
    for shape in [[1, 1, 5, 5], [1, 1, 2, 2], [1, 1, 3, 1], [3, 3]] {
      #expect(throws: TorchError.self) {
        try ResampledConvolution.upsampleThenConvolve(x, .ones(shape), bias: bias)
      }
      #expect(throws: TorchError.self) {
        try ResampledConvolution.convolveThenAverage(x, .ones(shape), bias: bias)
      }
    }
    let weight = try Tensor.ones([1, 1, 3, 3])
    #expect(throws: TorchError.self) {
      try ResampledConvolution.upsampleThenConvolve(.ones([1, 4, 4]), weight, bias: bias)
    }
    #expect(throws: TorchError.self) {
      try ResampledConvolution.convolveThenAverage(.ones([4]), weight, bias: bias)
    }
  }
}
