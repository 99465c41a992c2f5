import Kernel

/// A matrix of doubles in row-major order.
public struct PlainMatrix: AlgebraMatrix, Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  package var elements: [Double]

  /// - Parameter elements: [rows, columns] in row-major order.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "elements fill the matrix")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  package init(zeros rows: Int, _ columns: Int) {
    self.init(
      rows: rows, columns: columns, elements: [Double](repeating: 0, count: rows * columns))
  }

  public func values() -> [Double] { elements }

  package var transposed: PlainMatrix {
    var result = PlainMatrix(zeros: columns, rows)
    // In tiles, so that neither side is read across its rows for long.
    let tile = 16
    for rowStart in stride(from: 0, to: rows, by: tile) {
      for columnStart in stride(from: 0, to: columns, by: tile) {
        for row in rowStart..<min(rowStart + tile, rows) {
          for column in columnStart..<min(columnStart + tile, columns) {
            result.elements[column * rows + row] = elements[row * columns + column]
          }
        }
      }
    }
    return result
  }

  /// self other^T: every row of `self` times every row of `other`.
  /// - Parameter isSymmetric: the result is known to be symmetric; half of it is computed.
  package func products(
    _ other: PlainMatrix, isSymmetric: Bool = false, threads: Int
  ) -> PlainMatrix {
    precondition(columns == other.columns, "rows of one length")
    var result = PlainMatrix(zeros: rows, other.rows)
    let (length, width) = (columns, other.rows)
    result.elements.withUnsafeMutableBufferPointer { result in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          guard let result = result.baseAddress, let a = a.baseAddress, let b = b.baseAddress
          else { return }
          // Unchecked: every piece writes its own rows.
          nonisolated(unsafe) let (target, first, second) = (result, a, b)
          Parallel.forEach(rows, piece: Self.pieceRows, threads: threads) { piece in
            let needed = isSymmetric ? piece.upperBound : width
            for start in stride(from: 0, to: length, by: Self.blockLength) {
              let part = start..<min(start + Self.blockLength, length)
              for other in stride(from: 0, to: needed, by: Self.blockRows) {
                Self.addProducts(
                  first, piece, second, other..<min(other + Self.blockRows, needed), part,
                  length: length, to: target, width: width)
              }
            }
          }
        }
      }
    }
    if isSymmetric { result.mirrorLowerTriangle() }
    return result
  }

  package mutating func mirrorLowerTriangle() {
    for row in 0..<rows {
      for column in row + 1..<max(columns, row + 1) {
        elements[row * columns + column] = elements[column * columns + row]
      }
    }
  }

  private static let pieceRows = 32
  /// Rows and length of a block of the second matrix, 128 KiB, that stays in the cache.
  private static let blockRows = 32
  private static let blockLength = 512

  /// Adds the products of rows over the elements `part` of them, four by two at a time.
  private static func addProducts(
    _ a: UnsafePointer<Double>, _ aRows: Range<Int>, _ b: UnsafePointer<Double>,
    _ bRows: Range<Int>, _ part: Range<Int>, length: Int, to result: UnsafeMutablePointer<Double>,
    width: Int
  ) {
    let start = part.lowerBound
    var row = aRows.lowerBound
    while row + 4 <= aRows.upperBound {
      let four = a + row * length + start
      var column = bRows.lowerBound
      while column + 2 <= bRows.upperBound {
        let sums = fourByTwo(four, b + column * length + start, length, part.count)
        let place = result + row * width + column
        for k in 0..<4 {
          place[k * width] += sums.first[k]
          place[k * width + 1] += sums.second[k]
        }
        column += 2
      }
      while column < bRows.upperBound {
        for k in 0..<4 {
          result[(row + k) * width + column] += dotProduct(
            four + k * length, b + column * length + start, part.count)
        }
        column += 1
      }
      row += 4
    }
    while row < aRows.upperBound {
      for column in bRows {
        result[row * width + column] += dotProduct(
          a + row * length + start, b + column * length + start, part.count)
      }
      row += 1
    }
  }

  /// The products of four rows with two others.
  @inline(__always)
  private static func fourByTwo(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ length: Int, _ count: Int
  ) -> (first: SIMD4<Double>, second: SIMD4<Double>) {
    var (p0, p1, p2, p3) = (Pair.zero, Pair.zero, Pair.zero, Pair.zero)
    var (q0, q1, q2, q3) = (Pair.zero, Pair.zero, Pair.zero, Pair.zero)
    var k = 0
    while k + 2 <= count {
      let (x, y) = (pair(b + k), pair(b + length + k))
      let (a0, a1) = (pair(a + k), pair(a + length + k))
      let (a2, a3) = (pair(a + 2 * length + k), pair(a + 3 * length + k))
      p0 += a0 * x
      p1 += a1 * x
      p2 += a2 * x
      p3 += a3 * x
      q0 += a0 * y
      q1 += a1 * y
      q2 += a2 * y
      q3 += a3 * y
      k += 2
    }
    var first = SIMD4(p0.sum(), p1.sum(), p2.sum(), p3.sum())
    var second = SIMD4(q0.sum(), q1.sum(), q2.sum(), q3.sum())
    if k < count {
      let last = SIMD4(a[k], a[length + k], a[2 * length + k], a[3 * length + k])
      first += last * b[k]
      second += last * b[length + k]
    }
    return (first, second)
  }
}

private typealias Pair = SIMD2<Double>

@inline(__always)
private func pair(_ pointer: UnsafePointer<Double>) -> Pair {
  UnsafeRawPointer(pointer).loadUnaligned(as: Pair.self)
}
