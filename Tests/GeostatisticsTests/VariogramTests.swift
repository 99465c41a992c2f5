import Foundation
import Kernel
import Testing

@testable import Geostatistics

struct VariogramTests {
  static let models: [VariogramModel] = [
    VariogramModel(
      nugget: 0.2, structures: [.init(shape: .exponential, sill: 0.8, lengthPixels: 7)]),
    VariogramModel(nugget: 0, structures: [.init(shape: .gaussian, sill: 1, lengthPixels: 12)]),
    VariogramModel(
      nugget: 0.05,
      structures: [
        .init(shape: .exponential, sill: 0.45, lengthPixels: 3),
        .init(shape: .gaussian, sill: 0.5, lengthPixels: 20),
      ]),
  ]

  @Test func aRampHasHalfTheSquareOfItsRise() {
    // Slope 2 along rows, 0 along columns: the mean of 2 h^2 over one of two directions.
    let ramp = (0..<20 * 30).map { Float($0 % 30) * 2 }
    let variogram = MapVariogram(of: ramp, width: 30, height: 20, longestLag: 4)
    for lag in 1...4 {
      let across = 20 * (30 - lag)
      let down = 30 * (20 - lag)
      let expected = 2.0 * Double(lag * lag) * Double(across) / Double(across + down)
      #expect(abs(variogram.values[lag - 1] - expected) < 1e-9)
      #expect(variogram.pairCounts[lag - 1] == across + down)
    }
  }

  @Test func pairsWithoutDataDoNotCount() {
    var values = [Float](repeating: 1, count: 16 * 16)
    values[40] = .nan
    let variogram = MapVariogram(of: values, width: 16, height: 16, longestLag: 1)
    #expect(variogram.values == [0])
    #expect(variogram.pairCounts == [2 * 15 * 16 - 4])
    let nothing = MapVariogram(
      of: [Float](repeating: .nan, count: 4), width: 2, height: 2, longestLag: 3)
    #expect(nothing.values.allSatisfy { $0.isNaN })
  }

  /// Variograms of nested models come back to a percent, from the values at whole lags alone.
  @Test(arguments: models)
  func aFittedModelHasTheMeasuredVariogram(model: VariogramModel) {
    let values = (1...100).map { model.value(Double($0)) }
    let fitted = VariogramModel(
      fitting: MapVariogram(values: values, pairCounts: values.map { _ in 100 }))
    #expect(abs(fitted.sill - 1) < 1e-9)
    #expect(fitted.nugget >= 0 && fitted.structures.allSatisfy { $0.sill > 0 })
    for lag in [1, 2, 5, 10, 30, 60] {
      let (found, expected) = (fitted.value(Double(lag)), model.value(Double(lag)))
      #expect(abs(found / expected - 1) < 0.02, "\(lag): \(found), \(expected)")
    }
  }

  /// A trend makes the variogram rise beyond the variance; short lags stay as they were measured.
  @Test func aTrendIsTakenFromTheLongestStructures() {
    let values = (1...60).map { (lag: Int) -> Double in
      let h = Double(lag)
      return 0.3 - 0.3 * exp(-h / 2) + 0.03 * h
    }
    let fitted = VariogramModel(
      fitting: MapVariogram(values: values, pairCounts: values.map { _ in 100 }))
    #expect(abs(fitted.sill - 1) < 1e-6)
    for lag in 1...5 { #expect(abs(fitted.value(Double(lag)) / values[lag - 1] - 1) < 0.1) }
  }

  @Test func normalScoresAreNormalAndComeBack() throws {
    var random = CounterRandom(3, .testInput)
    let values = (0..<64 * 64).map { _ in Float(exp(1.5 * random.normal())) }
    let scores = NormalScores(try TrainingImage(name: "t", width: 64, height: 64, values: values))
    let found = values.map { Double(scores.score($0)) }
    let mean = found.reduce(0, +) / Double(found.count)
    let deviation = (found.reduce(0) { $0 + $1 * $1 } / Double(found.count)).squareRoot()
    #expect(abs(mean) < 1e-3 && abs(deviation - 1) < 5e-3)
    // Of 4096 values, 97.5 % lie below the one with score 1.95996.
    let sorted = values.sorted()
    #expect(abs(scores.score(sorted[3993]) - 1.95996) < 5e-3)
    for value in values.prefix(500) {
      #expect(abs(scores.value(scores.score(value)) - value) <= 1e-4 * value)
    }
    #expect(scores.score(.nan).isNaN)
    #expect(scores.value(100) == sorted.last && scores.value(-100) == sorted.first)
  }
}
