import Testing

@testable import FeatureMetrics

struct FactorizationsTests {
  @Test("L L^T is the matrix, and singular matrices have no L")
  func cholesky() throws {
    let algebra = PlainAlgebra(threads: 2)
    let gram = algebra.smallerGram(of: normalMatrix(90, 70, seed: 1))
    let l = try #require(algebra.choleskyFactor(of: gram))
    #expect(largestDifference(l.products(l, threads: 1), gram) < 1e-11)
    for row in 0..<70 {
      #expect(l.elements[row * 70..<(row + 1) * 70].suffix(69 - row).allSatisfy { $0 == 0 })
    }
    var singular = gram
    for k in 0..<70 {
      singular.elements[k * 70 + 3] = 0
      singular.elements[3 * 70 + k] = 0
    }
    #expect(algebra.choleskyFactor(of: singular) == nil)
    var negative = gram
    negative.elements[0] = -1
    #expect(algebra.choleskyFactor(of: negative) == nil)
  }

  @Test("R^T R is a^T a, and R is upper triangular", arguments: [(40, 9), (9, 9), (1, 1)])
  func triangular(size: (rows: Int, columns: Int)) {
    let algebra = PlainAlgebra(threads: 2)
    let a = normalMatrix(size.rows, size.columns, seed: 2)
    let r = algebra.triangularFactor(of: a)
    #expect(r.rows == size.columns && r.columns == size.columns)
    for row in 0..<r.rows {
      #expect(r.elements[row * r.columns..<row * r.columns + row].allSatisfy { $0 == 0 })
    }
    let (first, second) = (r.transposed, a.transposed)
    #expect(
      largestDifference(
        first.products(first, threads: 1), second.products(second, threads: 1)) < 1e-12)
  }

  @Test("squared singular values are the Gram matrix's eigenvalues", arguments: [(12, 7), (7, 12)])
  func singularValues(size: (rows: Int, columns: Int)) throws {
    let a = normalMatrix(size.rows, size.columns, seed: 3)
    let found = try a.singularValues(threads: 2)
    let expected = try PlainAlgebra().symmetricEigenvalues(of: PlainAlgebra().smallerGram(of: a))
    #expect(found.count == 7)
    for (value, square) in zip(found, expected) { #expect(abs(value * value - square) < 1e-12) }
    let norm = try PlainAlgebra().nuclearNorm(of: a)
    #expect(abs(norm - found.reduce(0, +)) < 1e-12)
  }

  @Test("what a matrix lacks in rank has singular values of 0")
  func lowRank() throws {
    let (left, right) = (normalMatrix(20, 2, seed: 4), normalMatrix(9, 2, seed: 5))
    let found = try left.products(right, threads: 1).singularValues(threads: 1)
    #expect(found.dropLast(2).allSatisfy { $0 < 1e-14 * found[8] } && found[7] > 0.1)
  }
}
