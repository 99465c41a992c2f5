import Kernel

/// A symmetric tridiagonal matrix, to which the eigenvalues of larger ones are reduced.
struct TridiagonalMatrix {
  /// [size]
  var diagonal: [Double]
  /// [size - 1]
  var offDiagonal: [Double]

  /// Householder's reduction of a symmetric matrix; the eigenvalues stay.
  ///
  /// The update of a step and the product of the next one are made in one pass over the rows, because
  /// reading and writing the matrix takes most of the time.
  /// Source: Golub and Van Loan, Matrix Computations, 4th edition, algorithm 8.3.1.
  init(reducing matrix: PlainMatrix, threads: Int) {
    let size = matrix.rows
    var a = matrix.elements
    diagonal = [Double](repeating: 0, count: size)
    offDiagonal = [Double](repeating: 0, count: max(0, size - 1))
    // The update that is still to be made: a -= v w^T + w v^T.
    var v = [Double](repeating: 0, count: size)
    var w = v
    var next = v
    var product = v
    for k in 0..<size {
      a.withUnsafeMutableBufferPointer { a in
        Self.update(a.baseAddress! + k * size, row: k, from: k, v, w, size)
      }
      diagonal[k] = a[k * size + k]
      guard k + 1 < size else { break }
      let reflection = Reflection(a[k * size + k + 1..<(k + 1) * size])
      offDiagonal[k] = reflection.image
      for j in 0..<size { next[j] = j > k ? reflection.vector[j - k - 1] : 0 }
      Self.updateAndMultiply(&a, from: k + 1, v, w, next, into: &product, size, threads)
      let factor = reflection.factor
      var overlap = 0.0
      for j in k + 1..<size { overlap += factor * product[j] * next[j] }
      for j in k + 1..<size {
        w[j] = factor * product[j] - factor / 2 * overlap * next[j]
        v[j] = next[j]
      }
    }
  }

  /// row -= v[i] w + w[i] v, from `start` on.
  @inline(__always)
  private static func update(
    _ row: UnsafeMutablePointer<Double>, row i: Int, from start: Int, _ v: [Double], _ w: [Double],
    _ size: Int
  ) {
    v.withUnsafeBufferPointer { v in
      w.withUnsafeBufferPointer { w in
        let (vi, wi) = (v[i], w[i])
        var j = start
        while j + 4 <= size {
          let change = vi * load(w.baseAddress! + j) + wi * load(v.baseAddress! + j)
          store(load(row + j) - change, row + j)
          j += 4
        }
        while j < size {
          row[j] -= vi * w[j] + wi * v[j]
          j += 1
        }
      }
    }
  }

  /// Makes the update in all rows from `start` on, and takes each one's product with `next`.
  private static func updateAndMultiply(
    _ a: inout [Double], from start: Int, _ v: [Double], _ w: [Double], _ next: [Double],
    into product: inout [Double], _ size: Int, _ threads: Int
  ) {
    a.withUnsafeMutableBufferPointer { a in
      product.withUnsafeMutableBufferPointer { product in
        // Unchecked: every piece writes its own rows.
        nonisolated(unsafe) let (a, product) = (a.baseAddress!, product.baseAddress!)
        Parallel.forEach(size - start, piece: 32, threads: threads) { piece in
          next.withUnsafeBufferPointer { next in
            for i in start + piece.lowerBound..<start + piece.upperBound {
              let row = a + i * size
              update(row, row: i, from: start, v, w, size)
              product[i] = dotProduct(row + start, next.baseAddress! + start, size - start)
            }
          }
        }
      }
    }
  }

  /// The matrix [0 B; B^T 0] of an upper bidiagonal B, reordered: its eigenvalues are the singular
  /// values of B and their negatives.
  /// Source: Golub and Van Loan, section 8.6.1.
  init(bidiagonal: [Double], above: [Double]) {
    diagonal = [Double](repeating: 0, count: 2 * bidiagonal.count)
    offDiagonal = []
    for k in bidiagonal.indices {
      offDiagonal.append(bidiagonal[k])
      if k < above.count { offDiagonal.append(above[k]) }
    }
  }

  /// Ascending; each with an absolute error of the largest one's rounding.
  ///
  /// Implicit QL steps with Wilkinson's shift.
  /// - Throws: `FeatureMetricsError.notFinite` where the steps do not converge, as with NaN.
  /// Source: Golub and Van Loan, section 8.3.4.
  func eigenvalues() throws -> [Double] {
    var d = diagonal
    var e = offDiagonal + [0]
    let size = d.count
    for first in 0..<size {
      var steps = 0
      while true {
        // The block from `first` to `last` that no small element splits.
        var last = first
        while last + 1 < size,
          !(abs(e[last]) <= Double.ulpOfOne / 2 * (abs(d[last]) + abs(d[last + 1])))
        { last += 1 }
        if last == first { break }
        steps += 1
        guard steps <= 90 else { throw FeatureMetricsError.notFinite("an eigenvalue") }
        Self.step(&d, &e, first, last)
      }
    }
    guard d.allSatisfy(\.isFinite) else { throw FeatureMetricsError.notFinite("an eigenvalue") }
    return d.sorted()
  }

  /// One implicit QL step on the block `first...last`.
  private static func step(_ d: inout [Double], _ e: inout [Double], _ first: Int, _ last: Int) {
    let half = (d[first + 1] - d[first]) / (2 * e[first])
    let root = (half * half + 1).squareRoot()
    var g = d[last] - d[first] + e[first] / (half + (half < 0 ? -root : root))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    for i in (first..<last).reversed() {
      let f = sine * e[i]
      let b = cosine * e[i]
      let length = (f * f + g * g).squareRoot()
      e[i + 1] = length
      if length == 0 {
        d[i + 1] -= shift
        e[last] = 0
        return
      }
      sine = f / length
      cosine = g / length
      g = d[i + 1] - shift
      let r = (d[i] - g) * sine + 2 * cosine * b
      shift = sine * r
      d[i + 1] = g + shift
      g = cosine * r - b
    }
    d[first] -= shift
    e[first] = g
    e[last] = 0
  }
}

/// A Householder reflection 1 - factor v v^T that maps a vector onto the first axis.
struct Reflection {
  let vector: [Double]
  /// 0 where the vector lies on the axis already.
  let factor: Double
  /// What the vector becomes: its first element, the others being 0.
  let image: Double

  init(_ vector: ArraySlice<Double>) {
    var v = Array(vector)
    let tail = v.dropFirst().reduce(0) { $0 + $1 * $1 }
    guard tail > 0 else {
      (self.vector, factor, image) = (v, 0, v[0])
      return
    }
    let length = (v[0] * v[0] + tail).squareRoot()
    image = v[0] > 0 ? -length : length
    v[0] -= image
    factor = 2 / (v[0] * v[0] + tail)
    self.vector = v
  }
}
