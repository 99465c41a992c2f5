import TestSupport
import Testing
import TorchCore
import TorchTestSupport

/// Float rounding in sums of a few hundred products.
let layerRTol = 1e-5
let layerATol = 1e-6

/// One case of `layers.safetensors`: its inputs as leaves of autograd, and what PyTorch made of them.
struct LayerCase {
  let name: String
  private let fixture: TensorFixture

  init(_ name: String) throws {
    self.name = name
    fixture = try TensorFixture(path: fixturePath("layers.safetensors"))
  }

  func tensor(_ key: String) throws -> Tensor { try fixture.tensor("\(name).\(key)") }

  /// Runs `function` on the named leaves and holds its output and all gradients against PyTorch's.
  func check(
    _ keys: [String] = ["input"], channelsLast: Bool = false, rtol: Double = layerRTol,
    atol: Double = layerATol, _ function: ([Tensor]) throws -> Tensor
  ) throws {
    let leaves = try keys.map { key in
      let plain = try tensor(key)
      return try (channelsLast && plain.shape.count == 4 ? plain.channelsLast() : plain)
        .requireGradient()
    }
    let output = try function(leaves)
    try expectClose(output, tensor("output"), rtol: rtol, atol: atol, "\(name).output")
    let loss = output.count == 1 ? output : try weightedSum(output, tensor("cotangent"))
    let found = try gradients(of: loss, for: leaves)
    for (key, gradient) in zip(keys, found) {
      let expected = try tensor("grad.\(key)")
      try expectClose(
        gradient ?? .zeros(expected.shape), expected, rtol: rtol, atol: atol, "\(name).grad.\(key)")
    }
  }
}
