import Foundation
import Rasters
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel

@Suite struct QuantityTransformTests {
  @Test(arguments: [Quantity.coherence, .phaseDeviation])
  func tensorsFollowTheFunctions(quantity: Quantity) throws {
    let transform = quantity.transform
    let values: [Double] = [0, 1e-5, 0.03, 0.4, 0.9, 0.999, 1]
    let numbers: [Double] = [-80, -5, -0.3, 0, 0.2, 4, 60]
    expectClose(
      try doubles(transform.forward(Tensor(values, shape: [values.count]))),
      values.map(transform.forward), rtol: 1e-12, atol: 1e-12)
    expectClose(
      try doubles(transform.inverse(Tensor(numbers, shape: [numbers.count]))),
      numbers.map(transform.inverse), rtol: 1e-12, atol: 1e-12)
  }

  private static func transform(_ quantity: Quantity) -> RateTransform {
    var transform = RateTransform(scaleCMPerYear: 0.4, flattening: 1, kneeCMPerYear: 0.2)
      .measuring(quantity)
    transform.center = 0.7
    return transform
  }

  @Test(arguments: [Quantity.coherence, .phaseDeviation, .atmosphere])
  func decodingReturnsMaps(quantity: Quantity) throws {
    let transform = Self.transform(quantity)
    let maps = try RandomGenerator(seed: 3, .testInput).normal([2, 1, 8, 8]).sigmoid()
      .to(dtype: .float64)
    try expectClose(transform.decode(transform.encode(maps)), maps, rtol: 1e-9, atol: 1e-9)
    // Ends included.
    let ends = try Tensor((0..<64).map { Double($0 % 2) }, shape: [1, 1, 8, 8])
    try expectClose(transform.decode(transform.encode(ends)), ends, rtol: 1e-9, atol: 1e-9)
  }

  @Test func noOutputOfANetworkLeavesTheRange() throws {
    for scale in [0.1, 3, 1000] {
      let outputs = try RandomGenerator(seed: 4, .testInput).normal([4, 1, 8, 8]) * scale
      let coherence = try Self.transform(.coherence).decode(outputs).floats()
      #expect(coherence.allSatisfy { (0...1).contains($0) })
      let deviations = try Self.transform(.phaseDeviation).decode(outputs).floats()
      #expect(deviations.allSatisfy { $0 >= 0 && $0.isFinite })
    }
  }

  /// Models of rates are stored as before.
  @Test func ratesAddNoKeyToFiles() throws {
    let rate = RateTransform(scaleCMPerYear: 2)
    let text = String(decoding: try JSONEncoder().encode(rate), as: UTF8.self)
    #expect(!text.contains("quantity") && !text.contains("center"))
    #expect(rate.measuring(.rate) == rate && rate.measured == .rate)
    let coherence = Self.transform(.coherence)
    let again = try JSONDecoder().decode(
      RateTransform.self, from: JSONEncoder().encode(coherence))
    #expect(again == coherence && again.measured == .coherence)
  }
}
