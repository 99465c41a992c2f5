import Kernel
import TestSupport
import Testing

@testable import FeatureMetrics

struct GaussianFitTests {
  private let algebra = PlainAlgebra(threads: 2)

  @Test("the factor's square is the covariance", arguments: [2, 7, 30])
  func contrasts(count: Int) throws {
    let features = normalFeatures(count, dimension: 9, seed: 4)
    let fit = try GaussianFit(features, algebra)
    var centered = [[Double]](repeating: [], count: 9)
    for column in 0..<9 {
      let values = (0..<count).map { Double(features.values[$0 * 9 + column]) }
      let mean = values.reduce(0, +) / Double(count)
      #expect(abs(fit.mean.elements[column] - mean) < 1e-12)
      centered[column] = values.map { $0 - mean }
    }
    let covariance = PlainMatrix(
      rows: 9, columns: 9,
      elements: centered.flatMap { a in
        centered.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(count - 1) }
      })
    let factor = try fit.factor(algebra)
    let square = factor.transposed.products(factor.transposed, threads: 1)
    #expect(largestDifference(square, covariance) < 1e-12)
    #expect(abs((0..<9).reduce(0) { $0 + covariance.elements[$1 * 10] } - fit.trace) < 1e-11)
    // The smaller of the two forms is kept.
    switch fit.spread {
    case .contrasts(let rows): #expect(count <= 10 && rows.rows == count - 1)
    case .covariance(let found): #expect(count > 10 && largestDifference(found, covariance) < 1e-12)
    }
  }

  @Test("one sample has no covariance")
  func oneSample() {
    let text = message { _ = try GaussianFit(normalFeatures(1, dimension: 3, seed: 0), algebra) }
    #expect(text.contains("needs 2 samples") && text.contains("one has 1"))
  }
}
