import Kernel

extension PlainMatrix {
  /// The lower triangular L with self = L L^T; `nil` unless `self`, of which the lower triangle is
  /// read, is positive definite.
  ///
  /// Source: Golub and Van Loan, Matrix Computations, 4th edition, section 4.2.5.
  func choleskyFactor(threads: Int) -> PlainMatrix? {
    let size = rows
    var result = PlainMatrix(zeros: size, size)
    var isPositive = true
    result.elements.withUnsafeMutableBufferPointer { result in
      elements.withUnsafeBufferPointer { given in
        guard let start = result.baseAddress, let from = given.baseAddress else { return }
        // Unchecked: every piece writes its own rows.
        nonisolated(unsafe) let (l, given) = (start, from)
        for k in 0..<size {
          let pivot = given[k * size + k] - dotProduct(l + k * size, l + k * size, k)
          guard pivot > 0, pivot.isFinite else {
            isPositive = false
            return
          }
          let root = pivot.squareRoot()
          l[k * size + k] = root
          Parallel.forEach(size - k - 1, piece: 64, threads: threads) { piece in
            for i in k + 1 + piece.lowerBound..<k + 1 + piece.upperBound {
              let rest = given[i * size + k] - dotProduct(l + i * size, l + k * size, k)
              l[i * size + k] = rest / root
            }
          }
        }
      }
    }
    return isPositive ? result : nil
  }

  /// R of the QR decomposition, [min(rows, columns), columns]; its signs are of no meaning.
  ///
  /// Source: Golub and Van Loan, algorithm 5.2.1.
  func triangularFactor(threads: Int) -> PlainMatrix {
    var work = self
    let kept = min(rows, columns)
    for k in 0..<kept {
      let reflection = Reflection(work.column(k, from: k)[...])
      work.elements[k * columns + k] = reflection.image
      work.reflectColumns(reflection, corner: k, from: k + 1, threads: threads)
    }
    var result = PlainMatrix(zeros: kept, columns)
    for k in 0..<kept {
      for column in k..<columns {
        result.elements[k * columns + column] = work.elements[k * columns + column]
      }
    }
    return result
  }

  /// Singular values, ascending; each with an absolute error of the largest one's rounding.
  ///
  /// Source: Golub and Van Loan, algorithm 5.4.2 (bidiagonalization).
  func singularValues(threads: Int) throws -> [Double] {
    var work = rows >= columns ? self : transposed
    let size = work.columns
    var diagonal: [Double] = []
    var above: [Double] = []
    for k in 0..<size {
      let left = Reflection(work.column(k, from: k)[...])
      diagonal.append(left.image)
      work.reflectColumns(left, corner: k, from: k + 1, threads: threads)
      guard k + 1 < size else { break }
      let right = Reflection(work.elements[k * size + k + 1..<(k + 1) * size])
      above.append(right.image)
      work.reflectRows(right, from: k + 1, corner: k + 1, threads: threads)
    }
    let both = try TridiagonalMatrix(bidiagonal: diagonal, above: above).eigenvalues()
    return both.suffix(size).map { max(0, $0) }
  }

  private func column(_ k: Int, from row: Int) -> [Double] {
    (row..<rows).map { elements[$0 * columns + k] }
  }

  /// Applies the reflection of the rows from `corner` on to the columns from `first` on.
  private mutating func reflectColumns(
    _ reflection: Reflection, corner: Int, from first: Int, threads: Int
  ) {
    guard reflection.factor != 0, first < columns else { return }
    let (rows, width) = (rows, columns)
    elements.withUnsafeMutableBufferPointer { elements in
      // Unchecked: every piece writes its own columns.
      nonisolated(unsafe) let a = elements.baseAddress!
      Parallel.forEach(width - first, piece: 64, threads: threads) { piece in
        let start = first + piece.lowerBound
        var sums = [Double](repeating: 0, count: piece.count)
        sums.withUnsafeMutableBufferPointer { sums in
          let sums = sums.baseAddress!
          for i in corner..<rows {
            addScaled(sums, reflection.vector[i - corner], a + i * width + start, piece.count)
          }
          for i in corner..<rows {
            addScaled(
              a + i * width + start, -reflection.factor * reflection.vector[i - corner], sums,
              piece.count)
          }
        }
      }
    }
  }

  /// Applies the reflection of the columns from `corner` on to the rows from `first` on.
  private mutating func reflectRows(
    _ reflection: Reflection, from first: Int, corner: Int, threads: Int
  ) {
    guard reflection.factor != 0, first < rows else { return }
    let (rows, width) = (rows, columns)
    elements.withUnsafeMutableBufferPointer { elements in
      // Unchecked: every piece writes its own rows.
      nonisolated(unsafe) let a = elements.baseAddress!
      Parallel.forEach(rows - first, piece: 32, threads: threads) { piece in
        reflection.vector.withUnsafeBufferPointer { v in
          for i in first + piece.lowerBound..<first + piece.upperBound {
            let row = a + i * width + corner
            let sum = dotProduct(row, v.baseAddress!, v.count)
            addScaled(row, -reflection.factor * sum, v.baseAddress!, v.count)
          }
        }
      }
    }
  }
}
