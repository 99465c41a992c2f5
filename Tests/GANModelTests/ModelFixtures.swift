import Foundation
import GANModel
import TestSupport
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

/// Float rounding through some twenty layers, in another order of summation.
let modelRTol = 1e-4
let modelATol = 1e-5

/// The networks of the fixtures have the smallest width and latents of 8 numbers.
func tiny(_ sizePixels: Int, _ discriminator: DiscriminatorKind = .uNet) -> Architecture {
  Architecture(sizePixels: sizePixels, channels: 1, latentSize: 8, discriminator: discriminator)
}

func fixture(_ name: String) throws -> TensorFixture {
  try TensorFixture(path: fixturePath("\(name).safetensors"))
}

/// Holds the gradients of all parameters against those of a fixture.
///
/// A bias before a batch norm has a gradient of rounding noise, so what is small beside the largest
/// gradient of the network is compared absolutely.
func expectGradients(
  of module: any Module, _ expected: [String: Tensor], rtol: Double = 1e-3,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let parameters = try module.namedTensors().filter(\.isParameter)
  #expect(
    Set(parameters.map(\.name)) == Set(expected.keys).subtracting(["input"]),
    sourceLocation: sourceLocation)
  let largest = try expected.values.reduce(0) { try max($0, $1.abs().max().item()) }
  for parameter in parameters {
    try expectClose(
      #require(try parameter.tensor.gradient), #require(expected[parameter.name]), rtol: rtol,
      atol: 1e-6 * largest, "grad.\(parameter.name)", sourceLocation: sourceLocation)
  }
}

/// The same for fixtures that hold the norms of the gradients alone.
func expectGradientNorms(
  of module: any Module, _ expected: [String: Tensor], rtol: Double = 1e-3,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let largest = try expected.values.reduce(0) { try max($0, $1.item()) }
  for parameter in try module.namedTensors() where parameter.isParameter {
    try expectClose(
      #require(try parameter.tensor.gradient).norm(), #require(expected[parameter.name]),
      rtol: rtol, atol: 1e-6 * largest, "grad_norm.\(parameter.name)",
      sourceLocation: sourceLocation)
  }
}

/// Holds the named tensors of a module against `expected`, which may leave some out.
func expectState(
  of module: any Module, _ expected: [String: Tensor], rtol: Double = modelRTol,
  atol: Double = modelATol, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let state = try module.state()
  for (name, tensor) in expected {
    try expectClose(
      #require(state[name]), tensor, rtol: rtol, atol: atol, name, sourceLocation: sourceLocation)
  }
}

/// "key shape" of every tensor, as the golden lists have it.
func keyLines(_ module: any Module, sizePixels: Int) throws -> [String] {
  try module.namedTensors().map { entry in
    let shape = entry.tensor.shape.map(String.init).joined(separator: "x")
    return "\(sizePixels) \(entry.name) \(shape)"
  }
}

func goldenLines(_ file: String, sizePixels: Int) throws -> [String] {
  try String(contentsOfFile: fixturePath(file), encoding: .utf8).split(separator: "\n")
    .map(String.init).filter { $0.hasPrefix("\(sizePixels) ") }
}

/// Compares the logits of a discriminator and its state after a training pass, and passes the fixture's
/// cotangents back.
/// - Returns: the images, whose gradient is there.
func expectLogits(of module: UNetDiscriminator, _ fixture: TensorFixture) throws -> Tensor {
  try module.load(fixture.group("state"))
  let images = try fixture.tensor("input").requireGradient()
  let logits = try module(images)
  let pixels = try #require(logits.pixels)
  try expectClose(logits.image, fixture.tensor("train.scalar"), rtol: modelRTol, atol: modelATol)
  try expectClose(pixels, fixture.tensor("train.map"), rtol: modelRTol, atol: modelATol)
  try expectState(of: module, fixture.group("train.state"))
  try
    (weightedSum(logits.image, fixture.tensor("cotangent.scalar"))
    + weightedSum(pixels, fixture.tensor("cotangent.map"))).backward()
  return images
}
