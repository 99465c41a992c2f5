import Testing
import TorchTestSupport

@testable import TorchCore

@Suite struct TensorLinalgTests {
  private func random(_ shape: [Int], seed: UInt64 = 1) throws -> Tensor {
    try RandomGenerator(seed: seed, .testInput).normal(shape, dtype: .float64)
  }

  @Test func matmulAgainstSums() throws {
    let (a, b) = (try random([3, 4]), try random([4, 2], seed: 2))
    let (x, y) = (try doubles(a), try doubles(b))
    let expected = (0..<3).flatMap { i in
      (0..<2).map { j in (0..<4).reduce(0.0) { $0 + x[i * 4 + $1] * y[$1 * 2 + j] } }
    }
    let product = try a.matmul(b)
    #expect(product.shape == [3, 2])
    expectClose(try doubles(product), expected, rtol: 1e-13, atol: 1e-13)
  }

  @Test func eigenvaluesAreThoseThatAMatrixIsMadeOf() throws {
    let (vectors, _) = try random([4, 4]).qr()
    let values: [Double] = [-2, 0.5, 1, 7]
    let a = try (vectors * Tensor(values, shape: [4])).matmul(vectors.transpose(0, 1))
    expectClose(try doubles(a.symmetricEigenvalues()), values, rtol: 1e-12, atol: 1e-12)
  }

  @Test(arguments: [[6, 3], [3, 6], [4, 4]]) func qr(shape: [Int]) throws {
    let a = try random(shape)
    let (q, r) = try a.qr()
    let k = shape.min()!
    #expect(q.shape == [shape[0], k] && r.shape == [k, shape[1]])
    try expectClose(q.matmul(r), a, rtol: 1e-12, atol: 1e-12)
    try expectClose(q.transpose(0, 1).matmul(q), identity(k), rtol: 0, atol: 1e-13)
    for (index, value) in try doubles(r).enumerated() where index % shape[1] < index / shape[1] {
      #expect(value == 0, "below the diagonal")
    }
  }

  /// One block, and several of unlike size.
  @Test(arguments: [3, 300, 1030]) func gramIsTheProductWithItself(size: Int) throws {
    let a = try random([5, size])
    try expectClose(a.gram(), a.transpose(0, 1).matmul(a), rtol: 0, atol: 1e-13)
    #expect(Tensor.blocks(of: size).map(\.count).reduce(0, +) == size)
  }

  @Test func choleskyFactorsAreTriangularRoots() throws {
    let a = try random([9, 4]).gram()
    let factor = try #require(try a.choleskyFactor())
    try expectClose(factor.matmul(factor.transpose(0, 1)), a, rtol: 1e-13, atol: 1e-13)
    for (index, value) in try doubles(factor).enumerated() where index % 4 > index / 4 {
      #expect(value == 0, "above the diagonal")
    }
    #expect(try (a * -1).choleskyFactor() == nil)
  }

  @Test func notSquare() throws {
    #expect(throws: TorchError.self) { try random([2, 3]).symmetricEigenvalues() }
    #expect(throws: TorchError.self) { try random([3]).qr() }
  }

  @Test(arguments: [(6, 8), (5, 7), (1, 1)]) func fourierRoundTrip(height: Int, width: Int) throws {
    let x = try random([2, height, width])
    let spectrum = try x.rfft2()
    #expect(spectrum.shape == [2, height, width / 2 + 1])
    #expect(spectrum.dtype == .complex128)
    try expectClose(
      spectrum.irfft2(height: height, width: width), x, rtol: 1e-13, atol: 1e-13)
    // The zero frequency is the sum.
    let first = try spectrum.real().narrow(1, from: 0, length: 1).narrow(2, from: 0, length: 1)
    try expectClose(first.reshape([2]), x.sum([1, 2]), rtol: 1e-12, atol: 1e-12)
  }

  /// sum |x|^2 = sum |X|^2 / (H W), frequencies that the half spectrum leaves out counted twice.
  @Test func fourierKeepsTheEnergy() throws {
    let x = try random([4, 5])
    let power = try doubles(x.rfft2().abs().square())
    let sum = power.enumerated().reduce(0) { $0 + ($1.offset % 3 == 0 ? 1 : 2) * $1.element }
    #expect(abs(sum / 20 - (try x.square().sum().item())) < 1e-12)
  }

  private func identity(_ n: Int) throws -> Tensor {
    try Tensor((0..<n * n).map { $0 % (n + 1) == 0 ? 1.0 : 0 }, shape: [n, n])
  }
}
