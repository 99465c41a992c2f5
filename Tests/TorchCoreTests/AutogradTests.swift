import Foundation
import Testing
import TorchTestSupport

@testable import TorchCore

@Suite struct AutogradTests {
  private func leaf(_ values: [Double]) throws -> Tensor {
    try Tensor(values, shape: [values.count]).requireGradient()
  }

  @Test func gradientsOfKnownFunctions() throws {
    let x = [0.3, 1.1, 2.7]
    let cases: [(String, (Tensor) throws -> Tensor, (Double) -> Double)] = [
      ("square", { try $0.square() }, { 2 * $0 }),
      ("exp", { try $0.exp() }, { exp($0) }),
      ("log", { try $0.log() }, { 1 / $0 }),
      ("sqrt", { try $0.sqrt() }, { 0.5 / $0.squareRoot() }),
      ("sin", { try $0.sin() }, { cos($0) }),
      ("tanh", { try $0.tanh() }, { 1 - tanh($0) * tanh($0) }),
      ("1 - 3x", { try 1 - $0 * 3 }, { _ in -3 }),
      ("x / (x + 1)", { try $0 / ($0 + 1) }, { 1 / (($0 + 1) * ($0 + 1)) }),
      ("narrow", { try $0.narrow(0, from: 0, length: 3) }, { _ in 1 }),
    ]
    for (name, function, derivative) in cases {
      let input = try leaf(x)
      try function(input).sum().backward()
      let gradient = try #require(try input.gradient)
      expectClose(try doubles(gradient), x.map(derivative), rtol: 1e-13, atol: 1e-15, name)
    }
  }

  @Test func backwardAccumulatesAndClearForgets() throws {
    let x = try leaf([2])
    #expect(try x.gradient == nil)
    for _ in 0..<2 { try x.square().sum().backward() }
    #expect(try x.gradient?.values() == [8.0])
    try x.clearGradient()
    #expect(try x.gradient == nil)
  }

  @Test func backwardNeedsAScalarAndAGraph() throws {
    let x = try leaf([1, 2])
    #expect(throws: TorchError.self) { try x.square().backward() }
    #expect(throws: TorchError.self) { try Tensor.ones([]).backward() }
    let loss = try x.square().sum()
    try loss.backward()
    #expect(throws: TorchError.self) { try loss.backward() }
  }

  @Test func integersHaveNoGradients() throws {
    #expect(throws: TorchError.self) { try Tensor.ones([2], dtype: .int64).requireGradient() }
  }

  @Test func detachedValuesAreOutsideTheGraph() throws {
    let x = try leaf([3])
    let cut = try x.square().detached()
    #expect(!cut.requiresGradient)
    try (x * cut).sum().backward()
    #expect(try x.gradient?.values() == [9.0])  // not 27
  }

  @Test func withoutGradientsRecordsNothing() throws {
    let x = try leaf([3])
    let inside = try withoutGradients { try x.square() }
    #expect(!inside.requiresGradient)
    #expect(try x.square().requiresGradient)
    let nested = try withoutGradients {
      let inner = try withoutGradients { try x.square() }
      return try inner + x.square()
    }
    #expect(!nested.requiresGradient)
  }

  @Test func withoutGradientsEndsAfterAThrow() throws {
    let x = try leaf([3])
    #expect(throws: TorchError.self) {
      try withoutGradients { try x.reshape([2]) }
    }
    #expect(try x.square().requiresGradient)
  }

  @Test func firstAndSecondDerivatives() throws {
    let (x, y) = (try leaf([2]), try leaf([5]))
    let output = try (x * x * x * y).sum()  // x^3 y
    let first = try gradients(of: output, for: [x, y], createGraph: true)
    #expect(try first[0]?.values() == [60.0])  // 3 x^2 y
    #expect(try first[1]?.values() == [8.0])  // x^3
    let second = try gradients(of: try #require(first[0]).sum(), for: [x, y])
    #expect(try second[0]?.values() == [60.0])  // 6 x y
    #expect(try second[1]?.values() == [12.0])  // 3 x^2
    #expect(try x.gradient == nil, "nothing is accumulated")
  }

  @Test func anUnusedInputHasNone() throws {
    let (x, unused) = (try leaf([2]), try leaf([2]))
    let found = try gradients(of: x.sum(), for: [x, unused])
    #expect(found[0] != nil && found[1] == nil)
  }

  @Test func gradientsOfAPlainTensorThrow() throws {
    let plain = try Tensor([1] as [Double], shape: [1])
    #expect(throws: TorchError.self) { _ = try gradients(of: plain.sum(), for: [plain]) }
  }

  @Test func autocastComputesConvolutionsInBFloat16() throws {
    let random = try RandomGenerator(seed: 3, .testInput)
    let (x, w) = (try random.normal([1, 4, 8, 8]), try random.normal([4, 4, 3, 3]))
    let inside = try withAutocast(.cpu, .bfloat16) { try x.conv2d(w, bias: nil) }
    let off = try withAutocast(.cpu, .bfloat16, enabled: false) { try x.conv2d(w, bias: nil) }
    let after = try x.conv2d(w, bias: nil)
    #expect(inside.dtype == .bfloat16)
    #expect(off.dtype == .float32 && after.dtype == .float32)
    // Sums of 36 products with 8 bits of precision.
    try expectClose(inside.to(dtype: .float32), after, rtol: 0.02, atol: 0.2)
  }

  @Test func autocastEndsAfterAThrow() throws {
    let x = try Tensor.ones([2, 2])
    #expect(throws: TorchError.self) {
      try withAutocast(.cpu, .bfloat16) { try x.reshape([3]) }
    }
    #expect(try x.matmul(x).dtype == .float32)
  }
}
