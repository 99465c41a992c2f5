import FeatureMetrics
import TorchCore

/// The linear algebra of feature metrics, computed by LibTorch on the CPU.
public struct LibTorchAlgebra: MatrixAlgebra {
  public init() {}

  public func matrix(_ values: [Float], rows: Int, columns: Int) throws -> TensorMatrix {
    TensorMatrix(try Tensor(values, shape: [rows, columns]).to(dtype: .float64))
  }
  public func rows(_ range: Range<Int>, of a: TensorMatrix) throws -> TensorMatrix {
    TensorMatrix(try a.tensor.narrow(0, from: range.lowerBound, length: range.count))
  }
  public func meanRow(of a: TensorMatrix) throws -> TensorMatrix {
    TensorMatrix(try a.tensor.mean([0]).reshape([1, a.columns]))
  }
  public func shifted(
    _ a: TensorMatrix, by offset: TensorMatrix, times factor: Double
  ) throws -> TensorMatrix {
    let difference = try a.tensor - offset.tensor
    if factor != 1 { try difference.multiply_(factor) }
    return TensorMatrix(difference)
  }

  public func sumOfSquares(of a: TensorMatrix) throws -> Double {
    try a.tensor.square().sum().item()
  }
  public func squaredLengths(of a: TensorMatrix) throws -> TensorMatrix {
    TensorMatrix(try a.tensor.square().sum([1]).reshape([a.rows, 1]))
  }
  public func sumOfCubes(of a: TensorMatrix, over divisor: Double) throws -> Double {
    let x = try a.tensor / divisor + 1
    return try (x.square() * x).sum().item()
  }

  public func products(_ a: TensorMatrix, _ b: TensorMatrix) throws -> TensorMatrix {
    TensorMatrix(try a.tensor.matmul(b.tensor.transpose(0, 1)))
  }
  public func smallerGram(of a: TensorMatrix) throws -> TensorMatrix {
    TensorMatrix(try (a.rows < a.columns ? a.tensor.transpose(0, 1) : a.tensor).gram())
  }
  public func congruence(_ a: TensorMatrix, _ s: TensorMatrix) throws -> TensorMatrix {
    TensorMatrix(try a.tensor.matmul(s.tensor).matmul(a.tensor.transpose(0, 1)))
  }

  /// Blocks of zeros are left out of the products.
  public func transposedCongruence(_ l: TensorMatrix, _ s: TensorMatrix) throws -> TensorMatrix {
    let (root, matrix) = (l.tensor, s.tensor)
    let size = l.rows
    let result = try Tensor.zeros([size, size], dtype: .float64, device: root.device)
    let product = try Tensor.empty([size, size], dtype: .float64, device: root.device)  // S L
    let blocks = Tensor.blocks(of: size)
    for block in blocks {
      let below = try root.narrow(1, from: block.lowerBound, length: block.count)
        .narrow(0, from: block.lowerBound, length: size - block.lowerBound)
      try product.narrow(1, from: block.lowerBound, length: block.count).copy(
        from: matrix.narrow(1, from: block.lowerBound, length: size - block.lowerBound)
          .matmul(below))
    }
    for block in blocks {
      let below = try root.narrow(1, from: block.lowerBound, length: block.count)
        .narrow(0, from: block.lowerBound, length: size - block.lowerBound)
      let rows = try product.narrow(0, from: block.lowerBound, length: size - block.lowerBound)
        .narrow(1, from: 0, length: block.upperBound)
      try result.narrow(0, from: block.lowerBound, length: block.count)
        .narrow(1, from: 0, length: block.upperBound)
        .copy(from: below.transpose(0, 1).matmul(rows))
    }
    return TensorMatrix(result)
  }

  public func symmetricEigenvalues(of s: TensorMatrix) throws -> [Double] {
    try s.tensor.symmetricEigenvalues().values()
  }
  public func choleskyFactor(of s: TensorMatrix) throws -> TensorMatrix? {
    try s.tensor.choleskyFactor().map(TensorMatrix.init)
  }
  public func triangularFactor(of a: TensorMatrix) throws -> TensorMatrix {
    TensorMatrix(try a.tensor.triangularFactor())
  }
  public func nuclearNorm(of a: TensorMatrix) throws -> Double {
    try a.tensor.singularValues().sum().item()
  }
}

/// A matrix of LibTorch: [rows, columns], float64. It stays on the thread that made it.
public struct TensorMatrix: AlgebraMatrix {
  let tensor: Tensor

  init(_ tensor: Tensor) { self.tensor = tensor }

  public var rows: Int { tensor.shape[0] }
  public var columns: Int { tensor.shape[1] }
  public func values() throws -> [Double] { try tensor.values() }
}
