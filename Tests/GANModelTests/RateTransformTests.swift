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

  @Test func faults() {
    #expect(RateTransform(scaleCMPerYear: 1e-3).faults() == [])
    for scale in [0, -1, .nan, .infinity] {
      let faults = RateTransform(scaleCMPerYear: scale).faults()
      #expect(faults == ["scaleCMPerYear is \(scale): use a positive number"])
    }
  }
}
