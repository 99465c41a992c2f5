import Foundation
import Testing
import TorchTestSupport

@testable import TorchCore

@Suite struct TensorMathTests {
  private func vector(_ values: [Double]) throws -> Tensor {
    try Tensor(values, shape: [values.count])
  }

  @Test func broadcasts() throws {
    let column = try Tensor([10, 20] as [Float], shape: [2, 1])
    let row = try Tensor([1, 2, 3] as [Float], shape: [3])
    #expect(try (column + row).floats() == [11, 12, 13, 21, 22, 23])
    #expect(try (column - row).floats() == [9, 8, 7, 19, 18, 17])
    #expect(try (column * row).floats() == [10, 20, 30, 20, 40, 60])
    #expect(try (column / row).floats() == [10, 5, 10.0 / 3, 20, 10, 20.0 / 3])
    #expect(try (column + row).shape == [2, 3])
  }

  @Test func scalars() throws {
    let x = try vector([1, -2, 4])
    #expect(try (x + 1).values() == [2.0, -1, 5])
    #expect(try (x - 1).values() == [0.0, -3, 3])
    #expect(try (1 - x).values() == [0.0, 3, -3])
    #expect(try (x * 2).values() == [2.0, -4, 8])
    #expect(try (2 * x).values() == [2.0, -4, 8])
    #expect(try (x / 2).values() == [0.5, -1.0, 2])
    #expect(try (-x).values() == [-1.0, 2, -4])
  }

  @Test func comparisons() throws {
    let x = try vector([-1, 0, 1])
    #expect(try (x .< 0).values() == [true, false, false])
    #expect(try (x .<= 0).values() == [true, true, false])
    #expect(try (x .> 0).values() == [false, false, true])
    #expect(try (x .>= 0).values() == [false, true, true])
    let y = try vector([0, 0, 0])
    #expect(try (x .< y).values() == [true, false, false])
    #expect(try (x .== y).values() == [false, true, false])
    #expect(try ((x .>= 0) .& (x .<= 0)).values() == [false, true, false])
    #expect(try (x .== y).not().values() == [true, false, true])
    #expect(try Tensor.choose(x .< 0, y, x).values() == [0.0, 0, 1])
  }

  @Test func elementwiseFunctions() throws {
    let x: [Double] = [0.25, 1, 2.5, 7]
    let t = try vector(x)
    let cases: [(String, Tensor, (Double) -> Double)] = [
      ("exp", try t.exp(), { Foundation.exp($0) }), ("log", try t.log(), { Foundation.log($0) }),
      ("sqrt", try t.sqrt(), { $0.squareRoot() }),
      ("rsqrt", try t.rsqrt(), { 1 / $0.squareRoot() }),
      ("square", try t.square(), { $0 * $0 }), ("sin", try t.sin(), { Foundation.sin($0) }),
      ("cos", try t.cos(), { Foundation.cos($0) }), ("pow", try t.pow(1.5), { pow($0, 1.5) }),
      ("floor", try t.floor(), { $0.rounded(.down) }),
      ("clamp", try t.clamp(0.5, 3), { min(max($0, 0.5), 3) }),
      ("tanh", try t.tanh(), { Foundation.tanh($0) }),
      ("sigmoid", try t.sigmoid(), { 1 / (1 + Foundation.exp(-$0)) }),
      ("softplus", try t.softplus(), { log1p(Foundation.exp($0)) }),
    ]
    for (name, actual, function) in cases {
      expectClose(try doubles(actual), x.map(function), rtol: 1e-14, atol: 0, name)
    }
  }

  @Test func signsAndSpecialValues() throws {
    let x = try vector([-2, 0, 3, .nan, .infinity])
    #expect(try x.narrow(0, from: 0, length: 3).abs().values() == [2.0, 0, 3])
    #expect(try x.narrow(0, from: 0, length: 3).sign().values() == [-1.0, 0, 1])
    #expect(try x.isFinite().values() == [true, true, true, false, false])
    #expect(try x.isNaN().values() == [false, false, false, true, false])
  }

  @Test func pairs() throws {
    let (a, b) = (try vector([1, 5, -1]), try vector([2, 4, 0]))
    #expect(try a.maximum(b).values() == [2.0, 5, 0])
    #expect(try a.minimum(b).values() == [1.0, 4, -1])
    #expect(try a.lerp(b, 0.25).values() == [1.25, 4.75, -0.75])
    let angles = try vector([1, 1, -1]).atan2(vector([1, -1, 0]))
    expectClose(
      try doubles(angles), [.pi / 4, 3 * .pi / 4, -.pi / 2], rtol: 1e-15, atol: 0)
  }

  @Test func inPlace() throws {
    let x = try vector([1, 2])
    try x.add_(vector([10, 20]), scale: 0.5)
    try x.multiply_(2)
    #expect(try x.values() == [12.0, 24])
    // Parameters are updated outside autograd.
    let leaf = try vector([1]).requireGradient()
    try leaf.add_(vector([1]))
    #expect(try leaf.values() == [2.0])
  }
}

@Suite struct TensorReductionTests {
  let x: Tensor  // [2, 3]

  init() throws { x = try Tensor([1, 2, 4, -1, 0, 7] as [Double], shape: [2, 3]) }

  @Test func overAll() throws {
    #expect(try x.sum().item() == 13)
    #expect(abs(try x.mean().item() - 13.0 / 6) < 1e-15)
    #expect(try x.max().item() == 7)
    #expect(try x.min().item() == -1)
    #expect(abs(try x.norm().item() - 71.0.squareRoot()) < 1e-14)
  }

  @Test func overDimensions() throws {
    #expect(try x.sum([0]).values() == [0.0, 2, 11])
    #expect(try x.sum([1], keepDims: true).shape == [2, 1])
    #expect(try x.mean([1]).values() == [7.0 / 3, 2.0])
    #expect(try x.max([0]).values() == [1.0, 2, 7])
    #expect(try x.min([-1]).values() == [1.0, -1])
    #expect(try x.sum([0, 1]).item() == 13)
    #expect(try x.argmax(1).values() == [2, 2] as [Int64])
  }

  @Test func logicalOnes() throws {
    #expect(try (x .> 0).any().values() == [true])
    #expect(try (x .> 0).all().values() == [false])
    #expect(try (x .> -2).all().values() == [true])
  }

  /// Sum of squares about the mean over n - correction.
  @Test(arguments: [0, 1, 2]) func standardDeviation(correction: Int) throws {
    let values = [1.0, 2, 4, -1, 0, 7]
    let mean = values.reduce(0, +) / 6
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let expected = (squares / Double(6 - correction)).squareRoot()
    #expect(abs(try x.std(correction: correction).item() - expected) < 1e-14)
    let rows = try doubles(x.std([1], correction: 0))
    expectClose(rows, [(14.0 / 9).squareRoot(), (38.0 / 3).squareRoot()], rtol: 1e-14, atol: 0)
  }

  @Test func sortsStably() throws {
    let values = try Tensor([3, 1, 3, 2, 1] as [Float], shape: [5])
    let up = try values.sorted(0)
    #expect(try up.values.floats() == [1, 1, 2, 3, 3])
    #expect(try up.indices.values() == [1, 4, 3, 0, 2] as [Int64])
    let down = try values.sorted(0, descending: true)
    #expect(try down.values.floats() == [3, 3, 2, 1, 1])
    #expect(try down.indices.values() == [0, 2, 3, 1, 4] as [Int64])
    #expect(try x.sorted(1).values.values() == [1.0, 2, 4, -1, 0, 7])
  }
}
