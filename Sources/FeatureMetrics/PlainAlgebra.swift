import Kernel

/// Linear algebra in plain Swift, on several threads. Results do not depend on their number.
public struct PlainAlgebra: MatrixAlgebra {
  public var threads: Int

  /// - Parameter threads: default: one per processor.
  public init(threads: Int? = nil) {
    self.threads = threads ?? Parallel.processors
  }

  public func matrix(_ values: [Float], rows: Int, columns: Int) -> PlainMatrix {
    PlainMatrix(rows: rows, columns: columns, elements: values.map(Double.init))
  }

  public func rows(_ range: Range<Int>, of a: PlainMatrix) -> PlainMatrix {
    PlainMatrix(
      rows: range.count, columns: a.columns,
      elements: Array(
        a.elements[range.lowerBound * a.columns..<range.upperBound * a.columns]))
  }

  public func meanRow(of a: PlainMatrix) -> PlainMatrix {
    var result = PlainMatrix(zeros: 1, a.columns)
    for row in 0..<a.rows {
      for column in 0..<a.columns {
        result.elements[column] += a.elements[row * a.columns + column]
      }
    }
    for column in 0..<a.columns { result.elements[column] /= Double(a.rows) }
    return result
  }

  public func shifted(
    _ a: PlainMatrix, by offset: PlainMatrix, times factor: Double
  ) -> PlainMatrix {
    var result = a
    for row in 0..<a.rows {
      for column in 0..<a.columns {
        let place = row * a.columns + column
        result.elements[place] = (a.elements[place] - offset.elements[column]) * factor
      }
    }
    return result
  }

  public func sumOfSquares(of a: PlainMatrix) -> Double {
    squaredLengths(of: a).elements.reduce(0, +)
  }

  public func squaredLengths(of a: PlainMatrix) -> PlainMatrix {
    let lengths = a.elements.withUnsafeBufferPointer { elements in
      (0..<a.rows).map { row in
        let start = elements.baseAddress! + row * a.columns
        return dotProduct(start, start, a.columns)
      }
    }
    return PlainMatrix(rows: a.rows, columns: 1, elements: lengths)
  }

  public func sumOfCubes(of a: PlainMatrix, over divisor: Double) -> Double {
    // A sum for each row keeps rounding small.
    var sum = 0.0
    for row in 0..<a.rows {
      var ofRow = 0.0
      for value in a.elements[row * a.columns..<(row + 1) * a.columns] {
        let x = value / divisor + 1
        ofRow += x * x * x
      }
      sum += ofRow
    }
    return sum
  }

  public func products(_ a: PlainMatrix, _ b: PlainMatrix) -> PlainMatrix {
    a.products(b, threads: threads)
  }

  public func smallerGram(of a: PlainMatrix) -> PlainMatrix {
    let narrow = a.rows < a.columns ? a : a.transposed
    return narrow.products(narrow, isSymmetric: true, threads: threads)
  }

  public func congruence(_ a: PlainMatrix, _ s: PlainMatrix) -> PlainMatrix {
    // s being symmetric, its rows are its columns.
    a.products(s, threads: threads).products(a, isSymmetric: true, threads: threads)
  }

  public func transposedCongruence(_ l: PlainMatrix, _ s: PlainMatrix) -> PlainMatrix {
    congruence(l.transposed, s)
  }

  public func symmetricEigenvalues(of s: PlainMatrix) throws -> [Double] {
    let scale = try Self.scale(of: s)
    guard scale > 0 else { return [Double](repeating: 0, count: s.rows) }
    var scaled = s
    for place in scaled.elements.indices { scaled.elements[place] /= scale }
    scaled.mirrorLowerTriangle()
    return try TridiagonalMatrix(reducing: scaled, threads: threads).eigenvalues()
      .map { $0 * scale }
  }

  public func choleskyFactor(of s: PlainMatrix) -> PlainMatrix? {
    s.choleskyFactor(threads: threads)
  }

  public func triangularFactor(of a: PlainMatrix) -> PlainMatrix {
    a.triangularFactor(threads: threads)
  }

  public func nuclearNorm(of a: PlainMatrix) throws -> Double {
    let scale = try Self.scale(of: a)
    guard scale > 0 else { return 0 }
    var scaled = a
    for place in scaled.elements.indices { scaled.elements[place] /= scale }
    return try scaled.singularValues(threads: threads).reduce(0, +) * scale
  }

  /// The largest element in size: divided by it, no square overflows.
  private static func scale(of a: PlainMatrix) throws -> Double {
    var largest = 0.0
    for element in a.elements {
      guard element.isFinite else { throw FeatureMetricsError.notFinite("a matrix of features") }
      largest = max(largest, abs(element))
    }
    return largest
  }
}
