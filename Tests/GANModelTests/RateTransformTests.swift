import Foundation
import GANModel
import Testing
import TorchCore
import TorchTestSupport

@Suite struct RateTransformTests {
  @Test(arguments: [0, 0.3]) func decodeInvertsEncode(knee: Double) throws {
    let transform = RateTransform(scaleCMPerYear: 2.5, kneeCMPerYear: knee)
    let rates = try Tensor([0, 2.5, -2.5, 0.01, -40, 1e-6] as [Double], shape: [6])
    try expectClose(transform.decode(transform.encode(rates)), rates, rtol: 1e-12, atol: 1e-15)
  }

  @Test func withoutAKneeRatesAreScaled() throws {
    let transform = RateTransform(scaleCMPerYear: 2.5)
    let rates = try Tensor([0, 2.5, -5] as [Double], shape: [3])
    expectClose(try doubles(transform.encode(rates)), [0, 1, -2], rtol: 1e-12, atol: 0)
  }

  /// c (sqrt(1 + 2|x|/c) - 1): 12 and 40 cm/yr with a knee of 1 are 4 and 8; far below it rates stay.
  @Test func compressionByHand() throws {
    let transform = RateTransform(scaleCMPerYear: 2, kneeCMPerYear: 1)
    let rates = try Tensor([12, -40, 1e-6] as [Double], shape: [3])
    expectClose(try doubles(transform.encode(rates)), [2, -4, 0.5e-6], rtol: 1e-5, atol: 0)
  }

  @Test(arguments: [0, 0.3]) func shiftIsAShiftInRates(knee: Double) throws {
    let transform = RateTransform(scaleCMPerYear: 1.7, kneeCMPerYear: knee)
    let rates = try RandomGenerator(seed: 1, .testInput).normal([3, 1, 4, 4]) * 5
    let offsets: [Float] = [0, 2.5, -30]
    let shifted = try transform.shift(transform.encode(rates), byCMPerYear: offsets)
    let expected = try rates + Tensor(offsets, shape: [3, 1, 1, 1])
    try expectClose(transform.decode(shifted), expected, rtol: 1e-5, atol: 1e-4)
  }

  @Test func noShiftChangesNothing() throws {
    let transform = RateTransform(scaleCMPerYear: 1.7, kneeCMPerYear: 0.3)
    let values = try RandomGenerator(seed: 1, .testInput).normal([2, 1, 4, 4])
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

  @Test(arguments: [0, 0.3]) func flatteningIsUndone(knee: Double) throws {
    let transform = RateTransform(scaleCMPerYear: 2, flattening: 1.3, kneeCMPerYear: knee)
    let rates = try RandomGenerator(seed: 2, .testInput).normal([2, 1, 64, 64]) * 10 + 7
    let values = try transform.encode(rates)
    #expect(values.shape == rates.shape)
    try expectClose(transform.decode(values), rates, rtol: 1e-4, atol: 1e-3)
  }

  /// A wave of i half cycles down and j across is multiplied by (1 + sqrt(i^2 + j^2))^exponent.
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
    let gain = pow(1 + Double(down * down + across * across).squareRoot(), 0.8)
    try expectClose(transform.encode(image), image * gain, rtol: 1e-10, atol: 1e-10)
  }

  @Test func aShiftOfFlattenedImagesIsAShiftInRates() throws {
    let transform = RateTransform(scaleCMPerYear: 3, flattening: 1)
    let rates = try RandomGenerator(seed: 3, .testInput).normal([2, 1, 16, 16]) * 5
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

  /// Their rates were lifted from another corner: read as of today, their maps would be wrong.
  @Test func aTransformFromBeforeTheKneeIsRefused() throws {
    let json = #"{"scaleCMPerYear": 2, "curve": "linear", "flattening": 1}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(RateTransform.self, from: Data(json.utf8))
    }
  }

  @Test func faults() {
    #expect(RateTransform(scaleCMPerYear: 1e-3).faults() == [])
    for flattening in [-0.1, 2.1, .nan] {
      let faults = RateTransform(scaleCMPerYear: 1, flattening: flattening).faults()
      #expect(faults == ["flattening is \(flattening): use 0 to 2"])
    }
    for knee in [-1, .nan, .infinity] {
      let faults = RateTransform(scaleCMPerYear: 1, kneeCMPerYear: knee).faults()
      #expect(faults == ["kneeCMPerYear is \(knee): use 0 or a positive number"])
    }
    for scale in [0, -1, .nan, .infinity] {
      let faults = RateTransform(scaleCMPerYear: scale).faults()
      #expect(faults == ["scaleCMPerYear is \(scale): use a positive number"])
    }
  }
}
