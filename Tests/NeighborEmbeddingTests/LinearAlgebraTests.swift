import Kernel
import Testing

@testable import NeighborEmbedding

@Suite struct LinearAlgebraTests {
  @Test func eigenvaluesAgreeWithNumPy() throws {
    let fixture = try TSNEFixture.load()
    let eigen = SymmetricEigen(fixture.matrix, size: 7)
    for (ours, theirs) in zip(eigen.values, fixture.eigenvalues) {
      #expect(abs(ours - theirs) < 1e-10)
    }
    for (value, vector) in zip(eigen.values, eigen.vectors) {
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
      for row in 0..<7 {
        let product = (0..<7).reduce(0) { $0 + fixture.matrix[row * 7 + $1] * vector[$1] }
        #expect(abs(product - value * vector[row]) < 1e-10)
      }
    }
  }

  @Test func variancesAgreeWithNumPy() throws {
    let fixture = try TSNEFixture.load()
    let components = try PrincipalComponents(fixture.matrixOfPoints(), components: 6)
    for (ours, theirs) in zip(components.variances, fixture.variances) {
      #expect(abs(ours - theirs) < 1e-5 * theirs)
    }
    #expect(components.variances.count == 6)
  }

  /// More numbers than are diagonalized whole: the leading subspace is found by iteration.
  @Test func manyDimensionsFindTheirLeadingOnes() throws {
    var random = CounterRandom(5, .testInput)
    let (count, dimension) = (300, 400)
    let directions = (0..<3).map { _ in (0..<dimension).map { _ in random.normal() } }
    var values: [Float] = []
    for _ in 0..<count {
      let weights = [9 * random.normal(), 5 * random.normal(), 2 * random.normal()]
      values += (0..<dimension).map { k in
        Float((0..<3).reduce(0) { $0 + weights[$1] * directions[$1][k] } + 0.05 * random.normal())
      }
    }
    let points = try PointMatrix(values, count: count, dimension: dimension)
    let found = try PrincipalComponents(points, components: 10, threads: 2)
    // Nearly all variance lies in three components, and projecting keeps it.
    let mean = (0..<dimension).map { k in
      (0..<count).reduce(0.0) { $0 + Double(values[$1 * dimension + k]) } / Double(count)
    }
    let total =
      values.enumerated().reduce(0.0) { sum, entry in
        let centered = Double(entry.element) - mean[entry.offset % dimension]
        return sum + centered * centered
      } / Double(count - 1)
    #expect(found.variances.prefix(3).reduce(0, +) > 0.999 * total - 400 * 0.0025 * 1.1)
    #expect(found.variances[2] > 100 * found.variances[3])
    let first =
      found.projected.values.enumerated().filter { $0.offset % 10 == 0 }
      .reduce(0.0) { $0 + Double($1.element) * Double($1.element) } / Double(count - 1)
    #expect(abs(first - found.variances[0]) < 1e-3 * first)
    #expect(
      try PrincipalComponents(points, components: 10, threads: 1).projected == found.projected)
  }

  @Test func equalPointsHaveNoComponents() throws {
    let points = try PointMatrix([Float](repeating: 2, count: 30), count: 10, dimension: 3)
    #expect(throws: TSNEError.allEqual(count: 10)) {
      try PrincipalComponents(points, components: 2)
    }
  }

  @Test func badPointsAreNamed() throws {
    #expect(throws: TSNEError.sizesDiffer(values: 5, count: 2, dimension: 3)) {
      try PointMatrix([1, 2, 3, 4, 5], count: 2, dimension: 3)
    }
    #expect {
      try PointMatrix([1, 2, 3, .nan], count: 2, dimension: 2)
    } throws: { "\($0)".hasPrefix("component 1 of vector 1 is nan.") }
    #expect(throws: TSNEError.self) {
      try PointMatrix(joining: [
        PointMatrix([1, 2], count: 1, dimension: 2), PointMatrix([1], count: 1, dimension: 1),
      ])
    }
  }
}
