import Testing

@testable import FeatureMetrics

struct PlainAlgebraTests {
  /// a b^T by definition.
  private func products(_ a: PlainMatrix, _ b: PlainMatrix) -> PlainMatrix {
    var result = PlainMatrix(zeros: a.rows, b.rows)
    for i in 0..<a.rows {
      for j in 0..<b.rows {
        result.elements[i * b.rows + j] = (0..<a.columns).reduce(0) {
          $0 + a.elements[i * a.columns + $1] * b.elements[j * a.columns + $1]
        }
      }
    }
    return result
  }

  /// Sizes that fill blocks and tiles, and that do not; more than one block in each direction.
  @Test(
    "products of rows agree with the definition",
    arguments: [(1, 1, 1), (4, 2, 8), (5, 3, 7), (37, 41, 13), (3, 5, 521)])
  func productsOfRows(size: (a: Int, b: Int, length: Int)) {
    let a = normalMatrix(size.a, size.length, seed: 1)
    let b = normalMatrix(size.b, size.length, seed: 2)
    let found = PlainAlgebra(threads: 3).products(a, b)
    #expect(largestDifference(found, products(a, b)) < 1e-11)
  }

  @Test("results do not depend on the number of threads")
  func threads() throws {
    let (a, b) = (normalMatrix(70, 20, seed: 1), normalMatrix(40, 20, seed: 2))
    let (one, three) = (PlainAlgebra(threads: 1), PlainAlgebra(threads: 3))
    #expect(one.products(a, b) == three.products(a, b))
    let gram = one.smallerGram(of: a)
    #expect(gram == three.smallerGram(of: a))
    #expect(try one.symmetricEigenvalues(of: gram) == three.symmetricEigenvalues(of: gram))
    #expect(one.choleskyFactor(of: gram) == three.choleskyFactor(of: gram))
    #expect(one.triangularFactor(of: a) == three.triangularFactor(of: a))
    #expect(try one.nuclearNorm(of: a) == three.nuclearNorm(of: a))
  }

  @Test("the smaller Gram matrix, and congruences")
  func symmetricProducts() {
    let algebra = PlainAlgebra(threads: 2)
    let tall = normalMatrix(45, 6, seed: 3)
    #expect(
      largestDifference(
        algebra.smallerGram(of: tall), products(tall.transposed, tall.transposed)) < 1e-11)
    #expect(
      largestDifference(algebra.smallerGram(of: tall.transposed), algebra.smallerGram(of: tall))
        < 1e-12)
    let s = algebra.smallerGram(of: tall)
    let few = normalMatrix(4, 6, seed: 4)
    #expect(
      largestDifference(algebra.congruence(few, s), products(products(few, s), few)) < 1e-10)
    let l = normalMatrix(6, 6, seed: 5)
    let expected = products(products(l.transposed, s), l.transposed)
    #expect(largestDifference(algebra.transposedCongruence(l, s), expected) < 1e-10)
  }

  @Test("rows, means, shifts and sums")
  func elementwise() throws {
    let algebra = PlainAlgebra()
    let a = algebra.matrix([1, 2, 3, 4, 5, 6], rows: 3, columns: 2)
    #expect(algebra.rows(1..<3, of: a).values() == [3, 4, 5, 6])
    let mean = algebra.meanRow(of: a)
    #expect(mean.rows == 1 && mean.values() == [3, 4])
    #expect(algebra.shifted(a, by: mean, times: 2).values() == [-4, -4, 0, 0, 4, 4])
    #expect(algebra.sumOfSquares(of: a) == 91)
    #expect(algebra.squaredLengths(of: a).values() == [5, 25, 61])
    // (1/2 + 1)^3 + (2/2 + 1)^3 = 3.375 + 8
    #expect(algebra.sumOfCubes(of: algebra.rows(0..<1, of: a), over: 2) == 11.375)
  }

  @Test("numbers that are not finite are an error, and zeros are none")
  func unusual() throws {
    let algebra = PlainAlgebra()
    let broken = PlainMatrix(rows: 2, columns: 2, elements: [1, .nan, .nan, 1])
    #expect(throws: FeatureMetricsError.self) { try algebra.symmetricEigenvalues(of: broken) }
    #expect(throws: FeatureMetricsError.self) { try algebra.nuclearNorm(of: broken) }
    let zeros = PlainMatrix(zeros: 3, 3)
    #expect(try algebra.symmetricEigenvalues(of: zeros) == [0, 0, 0])
    #expect(try algebra.nuclearNorm(of: zeros) == 0)
    let large = PlainMatrix(rows: 1, columns: 2, elements: [3e200, 4e200])
    #expect(abs(try algebra.nuclearNorm(of: large) / 5e200 - 1) < 1e-14)
  }
}
