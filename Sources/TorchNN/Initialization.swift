import TorchCore

/// Initial values; each function takes its random generator.
package enum Initialization {
  /// A matrix [shape[0], rest] with orthonormal rows or columns, whichever are fewer.
  ///
  /// Source: Saxe, McClelland and Ganguli, ICLR 2014.
  package static func orthogonal(_ shape: [Int], _ generator: RandomGenerator) throws -> Tensor {
    guard shape.count >= 2, shape.allSatisfy({ $0 > 0 }) else {
      throw TorchError.shape("orthogonal", expected: "two or more dimensions", got: shape)
    }
    let rows = shape[0]
    let columns = shape.dropFirst().reduce(1, *)
    let tall = rows >= columns
    let gaussian = try generator.normal(tall ? [rows, columns] : [columns, rows])
    let (q, r) = try gaussian.qr()
    // These signs make the distribution uniform over orthogonal matrices.
    let size = min(rows, columns)
    let diagonal = try (0..<size).map { i in
      try r.narrow(0, from: i, length: 1).narrow(1, from: i, length: 1).reshape([1])
    }
    let signed = try q * Tensor.concatenate(diagonal, 0).sign()
    return try (tall ? signed : signed.transpose(0, 1)).contiguous().reshape(shape)
  }

  /// U(-1/sqrt(fanIn), 1/sqrt(fanIn)), PyTorch's default for the biases of linear and conv layers.
  package static func defaultBias(_ count: Int, fanIn: Int, _ generator: RandomGenerator) throws
    -> Tensor
  {
    let bound = 1 / Double(fanIn).squareRoot()
    return try generator.uniform([count]) * (2 * bound) - bound
  }
}
