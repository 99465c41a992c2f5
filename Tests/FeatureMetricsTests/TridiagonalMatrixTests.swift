import Foundation
import Testing

@testable import FeatureMetrics

struct TridiagonalMatrixTests {
  @Test(
    "the second difference has the eigenvalues 2 - 2 cos(k pi / (n + 1))", arguments: [1, 2, 40])
  func secondDifference(size: Int) throws {
    let ones = PlainMatrix(
      rows: size, columns: size,
      elements: (0..<size * size).map { place in
        let distance = abs(place / size - place % size)
        return distance == 0 ? 2 : distance == 1 ? -1 : 0
      })
    let found = try TridiagonalMatrix(reducing: ones, threads: 1).eigenvalues()
    for (k, value) in found.enumerated() {
      let expected = 2 - 2 * cos(Double(k + 1) * .pi / Double(size + 1))
      #expect(abs(value - expected) < 1e-13)
    }
  }

  @Test("the eigenvalues of Q D Q^T are those of D, repeated and tiny ones too")
  func known() throws {
    let values = [-3, 1e-14, 0, 0, 2, 2, 2, 5e3]
    let size = values.count
    // A product of reflections is orthogonal.
    var matrix = PlainMatrix(zeros: size, size)
    for k in 0..<size { matrix.elements[k * (size + 1)] = values[k] }
    for seed in 0..<3 as Range<UInt64> {
      let v = normalMatrix(1, size, seed: seed).elements
      let factor = 2 / v.reduce(0) { $0 + $1 * $1 }
      let reflection = PlainMatrix(
        rows: size, columns: size,
        elements: (0..<size * size).map { place in
          (place / size == place % size ? 1 : 0) - factor * v[place / size] * v[place % size]
        })
      matrix = PlainAlgebra(threads: 1).congruence(reflection, matrix)
    }
    let found = try TridiagonalMatrix(reducing: matrix, threads: 2).eigenvalues()
    for (value, expected) in zip(found, values.sorted()) {
      #expect(abs(value - expected) < 1e-11)  // 10 ulp of the largest
    }
  }

  @Test("NaN is an error, not an endless loop")
  func notANumber() {
    var matrix = TridiagonalMatrix(reducing: normalMatrix(4, 4, seed: 1), threads: 1)
    matrix.diagonal[2] = .nan
    #expect(throws: FeatureMetricsError.self) { try matrix.eigenvalues() }
  }

  @Test("a reflection maps its vector onto the first axis and keeps its length")
  func reflection() {
    for vector in [[3.0, 4], [-3, 4], [0, 2], [5, 0]] {
      let reflection = Reflection(vector[...])
      let overlap = zip(reflection.vector, vector).reduce(0) { $0 + $1.0 * $1.1 }
      let image = zip(reflection.vector, vector).map { $1 - reflection.factor * overlap * $0 }
      #expect(abs(image[0] - reflection.image) < 1e-14 && abs(image[1]) < 1e-14)
      let length = (vector[0] * vector[0] + vector[1] * vector[1]).squareRoot()
      #expect(abs(abs(reflection.image) - length) < 1e-14)
    }
  }
}
