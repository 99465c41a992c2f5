import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

@Suite struct InitializationTests {
  /// Rows or columns, whichever are fewer, are orthonormal.
  @Test(arguments: [
    [3, 8], [8, 3], [5, 5], [4, 3, 3, 3], [40, 3, 3, 3], [1, 7], [7, 1], [2, 1, 1, 1],
  ])
  func orthogonal(shape: [Int]) throws {
    let weight = try Initialization.orthogonal(shape, RandomGenerator(seed: 3, .testInput))
    #expect(weight.shape == shape && weight.dtype == .float32)
    let matrix = try weight.reshape([shape[0], -1])
    let (rows, columns) = (shape[0], matrix.shape[1])
    let gram =
      try rows <= columns
      ? matrix.matmul(matrix.transpose(0, 1)) : matrix.transpose(0, 1).matmul(matrix)
    let n = min(rows, columns)
    let identity = try Tensor((0..<n * n).map { $0 % (n + 1) == 0 ? Float(1) : 0 }, shape: [n, n])
    try expectClose(gram, identity, rtol: 0, atol: 1e-5)
  }

  /// QR alone would always give a diagonal of R of one sign, and so a biased first entry.
  @Test func orthogonalHasBothSigns() throws {
    let random = try RandomGenerator(seed: 4, .testInput)
    let signs = try (0..<40).map { _ in
      try Initialization.orthogonal([3, 3], random).floats()[0] > 0
    }
    let positive = signs.filter { $0 }.count
    #expect((8...32).contains(positive))  // 20 +- 3.8 standard deviations
  }

  @Test(arguments: [[4], [], [0, 3], [3, 0]]) func shapesWithoutAMatrix(shape: [Int]) {
    #expect(throws: TorchError.self) {
      try Initialization.orthogonal(shape, RandomGenerator(seed: 1, .testInput))
    }
  }

  @Test func defaultBiasBounds() throws {
    let bias = try Initialization.defaultBias(5000, fanIn: 16, RandomGenerator(seed: 5, .testInput))
    let (low, high) = (try bias.min().item(), try bias.max().item())
    #expect(low >= -0.25 && low < -0.249)
    #expect(high <= 0.25 && high > 0.249)
    #expect(abs(try bias.mean().item()) < 4 * 0.25 / (3.0 * 5000).squareRoot())
  }

  @Test func theSeedDecides() throws {
    func weights(_ seed: UInt64) throws -> [Float] {
      let layer = try SpectralConv2d(
        inputChannels: 2, outputChannels: 3, kernelSize: 3, RandomGenerator(seed: seed, .testInput))
      return try layer.namedTensors().flatMap { try $0.tensor.floats() }
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
  }
}
