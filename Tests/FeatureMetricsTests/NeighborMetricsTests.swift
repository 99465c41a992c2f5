import TestSupport
import Testing

@testable import FeatureMetrics

struct NeighborMetricsTests {
  private let algebra = PlainAlgebra()

  @Test("agrees with prdc", arguments: ["tall", "wide"])
  func prdc(name: String) throws {
    let given = try DistanceCase(name)
    let near = try NeighborMetrics(real: given.a, generated: given.b, neighbors: 3, algebra)
    #expect(abs(near.precision - given.numbers[2]) < 1e-12)
    #expect(abs(near.recall - given.numbers[3]) < 1e-12)
    #expect(abs(near.density - given.numbers[4]) < 1e-12)
    #expect(abs(near.coverage - given.numbers[5]) < 1e-12)
  }

  @Test("far sets share nothing, the same set everything")
  func extremes() throws {
    let a = normalFeatures(30, dimension: 4, seed: 1)
    let far = normalFeatures(30, dimension: 4, mean: 100, seed: 2)
    let none = try NeighborMetrics(real: a, generated: far, algebra)
    #expect(
      [none.precision, none.recall, none.density, none.coverage] == [0, 0, 0, 0])
    let all = try NeighborMetrics(real: a, generated: a, algebra)
    #expect(all.precision == 1 && all.recall == 1 && all.coverage == 1)
  }

  @Test("one generated sample that hits a mode: precise, without recall")
  func collapse() throws {
    let real = normalFeatures(60, dimension: 4, seed: 3)
    let collapsed = FeatureSet(
      count: 60, dimension: 4, values: (0..<60).flatMap { _ in Array(real.row(0)) })
    let near = try NeighborMetrics(real: real, generated: collapsed, algebra)
    #expect(near.precision == 1)
    #expect(near.recall < 0.02)
    #expect(near.coverage < 0.6)
  }

  @Test("fewer samples than neighbors is an error that names the option")
  func tooFew() {
    let few = normalFeatures(5, dimension: 2, seed: 0)
    #expect(
      message { _ = try NeighborMetrics(real: few, generated: few, algebra) }
        .contains("'neighbors'"))
  }
}
