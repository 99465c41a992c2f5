import Foundation
import GANModel
import Testing
import TorchCore
import TorchTestSupport

@Suite struct RateTransformTests {
  @Test(arguments: RateTransform.Curve.allCases) func decodeInvertsEncode(
    curve: RateTransform.Curve
  ) throws {
    let transform = RateTransform(scaleCMPerYear: 2.5, curve: curve)
    let rates = try Tensor([0, 2.5, -2.5, 0.01, -40, 1e-6] as [Double], shape: [6])
    let values = try transform.encode(rates)
    expectClose(
      try doubles(values.narrow(0, from: 0, length: 3)), [0, 1, -1], rtol: 1e-12, atol: 0)
    try expectClose(transform.decode(values), rates, rtol: 1e-12, atol: 1e-15)
  }

  @Test func squareRootByHand() throws {
    let transform = RateTransform(scaleCMPerYear: 2, curve: .signedSquareRoot)
    let rates = try Tensor([8, -18] as [Double], shape: [2])
    expectClose(try doubles(transform.encode(rates)), [2, -3], rtol: 1e-12, atol: 0)
  }

  @Test(arguments: RateTransform.Curve.allCases) func shiftIsAShiftInRates(
    curve: RateTransform.Curve
  ) throws {
    let transform = RateTransform(scaleCMPerYear: 1.7, curve: curve)
    let rates = try RandomGenerator(seed: 1).normal([3, 1, 4, 4]) * 5
    let offsets: [Float] = [0, 2.5, -30]
    let shifted = try transform.shift(transform.encode(rates), byCMPerYear: offsets)
    let expected = try rates + Tensor(offsets, shape: [3, 1, 1, 1])
    try expectClose(transform.decode(shifted), expected, rtol: 1e-5, atol: 1e-4)
  }

  @Test func noShiftChangesNothing() throws {
    let transform = RateTransform(scaleCMPerYear: 1.7, curve: .signedSquareRoot)
    let values = try RandomGenerator(seed: 1).normal([2, 1, 4, 4])
    let shifted = try transform.shift(values, byCMPerYear: [0, 0])
    #expect(try shifted.floats() == (try values.floats()))
  }

  @Test func aShiftForAnotherBatchThrows() throws {
    let transform = RateTransform(scaleCMPerYear: 1)
    #expect(throws: TorchError.self) {
      try transform.shift(.ones([3, 1, 4, 4]), byCMPerYear: [1, 2])
    }
    #expect(throws: TorchError.self) {
      try transform.shift(.ones([3, 1, 4, 4]), byCMPerYear: [1])
    }
  }

  @Test(arguments: RateTransform.Curve.allCases) func flatteningIsUndone(
    curve: RateTransform.Curve
  ) throws {
    let transform = RateTransform(scaleCMPerYear: 2, curve: curve, flattening: 1.3)
    let rates = try RandomGenerator(seed: 2).normal([2, 1, 64, 64]) * 10 + 7
    let values = try transform.encode(rates)
    #expect(values.shape == rates.shape)
    try expectClose(transform.decode(values), rates, rtol: 1e-4, atol: 1e-3)
  }

  /// A wave of i half cycles down and j across is multiplied by ((9 + i^2 + j^2) / 9)^(exponent / 2).
  @Test(arguments: [(0, 0), (1, 0), (0, 5), (12, 16), (31, 31)]) func flatteningLiftsAWave(
    down: Int, across: Int
  ) throws {
    let size = 32
    func wave(_ half: Int, _ n: Int) -> Double {
      cos(Double.pi * Double(half) * (Double(n) + 0.5) / Double(size))
    }
    let values = (0..<size).flatMap { row in
      (0..<size).map { column in wave(down, row) * wave(across, column) }
    }
    let image = try Tensor(values, shape: [1, 1, size, size])
    let transform = RateTransform(scaleCMPerYear: 1, flattening: 0.8)
    let gain = pow((9 + Double(down * down + across * across)) / 9, 0.4)
    try expectClose(transform.encode(image), image * gain, rtol: 1e-10, atol: 1e-10)
  }

  @Test func aShiftOfFlattenedImagesIsAShiftInRates() throws {
    let transform = RateTransform(scaleCMPerYear: 3, flattening: 1)
    let rates = try RandomGenerator(seed: 3).normal([2, 1, 16, 16]) * 5
    let offsets: [Float] = [4, -2.5]
    let shifted = try transform.shift(transform.encode(rates), byCMPerYear: offsets)
    let expected = try rates + Tensor(offsets, shape: [2, 1, 1, 1])
    try expectClose(transform.decode(shifted), expected, rtol: 1e-5, atol: 1e-4)
  }

  @Test func flatteningNeedsSquareImages() throws {
    let transform = RateTransform(scaleCMPerYear: 1, flattening: 1)
    #expect(throws: TorchError.self) { try transform.encode(.ones([1, 1, 4, 8])) }
    #expect(throws: TorchError.self) { try transform.decode(.ones([16])) }
  }

  @Test func aModelWithoutFlatteningIsRead() throws {
    let json = #"{"scaleCMPerYear": 2, "curve": "linear"}"#
    let read = try JSONDecoder().decode(RateTransform.self, from: Data(json.utf8))
    #expect(read == RateTransform(scaleCMPerYear: 2))
  }

  @Test func faults() {
    #expect(RateTransform(scaleCMPerYear: 1e-3).faults() == [])
    for flattening in [-0.1, 2.1, .nan] {
      let faults = RateTransform(scaleCMPerYear: 1, flattening: flattening).faults()
      #expect(faults == ["flattening is \(flattening): use 0 to 2"])
    }
    for scale in [0, -1, .nan, .infinity] {
      let faults = RateTransform(scaleCMPerYear: scale).faults()
      #expect(faults == ["scaleCMPerYear is \(scale): use a positive number"])
    }
  }
}
