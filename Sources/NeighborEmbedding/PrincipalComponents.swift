import Kernel

/// Principal component analysis of points.
public struct PrincipalComponents: Sendable {
  /// [count, components]: coordinates of the centered points along the components.
  public let projected: PointMatrix
  /// Variance along each component (ddof 1), largest first.
  public let variances: [Double]

  /// Projects onto the leading `components` directions.
  ///
  /// Up to 128 dimensions the covariance is diagonalized; above, a block of random vectors, drawn
  /// from `seed`, is multiplied by it until it spans the leading directions. Each component's sign
  /// makes its largest coefficient positive. Results do not depend on the number of threads.
  /// - Throws: `TSNEError.tooFewPoints` for fewer than two points; `.allEqual`.
  /// Source: Halko, Martinsson and Tropp, SIAM Review 53 (2011), algorithms 4.4 and 5.1.
  public init(_ points: PointMatrix, components: Int, seed: UInt64 = 0, threads: Int = 1) throws {
    guard points.count > 1 else {
      throw TSNEError.tooFewPoints(
        count: points.count, needed: 2, purpose: "a principal component analysis")
    }
    let kept = min(components, points.dimension, points.count - 1)
    let data = Centered(points, threads: threads)
    guard data.values.contains(where: { $0 != 0 }) else {
      throw TSNEError.allEqual(count: points.count)
    }
    let block = points.dimension <= 128 ? points.dimension : min(points.dimension, kept + 14)
    var basis = Self.identityOrRandom(points.dimension, block, seed)
    if block < points.dimension {
      // Each pass multiplies the error by the ratio of consecutive variances; seven passes are
      // enough for visible components.
      for _ in 0..<7 {
        basis = data.transposedTimes(data.times(basis, block), block)
        Self.orthonormalize(&basis, rows: block, length: points.dimension)
      }
    }
    let scores = data.times(basis, block)  // [count, block]
    let small = SymmetricEigen(
      Self.gram(scores, count: points.count, block, threads: threads), size: block)
    variances = small.values.prefix(kept).map { max(0, $0) / Double(points.count - 1) }
    // Signs are determined in the space of the points, so that both methods agree.
    let directions = small.vectors.prefix(kept).map { weights in
      let sign = Self.sign(ofDirection: weights, basis: basis, points.dimension)
      return weights.map { Float($0 * sign) }
    }
    var projected = [Float](repeating: 0, count: points.count * kept)
    for i in 0..<points.count {
      scores.withUnsafeBufferPointer { scores in
        for (k, direction) in directions.enumerated() {
          projected[i * kept + k] = dotProduct(scores.baseAddress! + i * block, direction, block)
        }
      }
    }
    self.projected = try PointMatrix(projected, count: points.count, dimension: kept)
  }

  /// The `rows` initial vectors of `length` components.
  private static func identityOrRandom(_ length: Int, _ rows: Int, _ seed: UInt64) -> [Float] {
    var basis = [Float](repeating: 0, count: rows * length)
    if rows == length {
      for i in 0..<rows { basis[i * length + i] = 1 }
      return basis
    }
    var random = CounterRandom(seed, .principalBasis)
    for i in basis.indices { basis[i] = Float(random.normal()) }
    orthonormalize(&basis, rows: rows, length: length)
    return basis
  }

  /// Modified Gram-Schmidt, twice, over the rows. A linearly dependent row becomes zero.
  private static func orthonormalize(_ basis: inout [Float], rows: Int, length: Int) {
    basis.withUnsafeMutableBufferPointer { buffer in
      let start = buffer.baseAddress!
      for _ in 0..<2 {
        for row in 0..<rows {
          let vector = start + row * length
          let before = dotProduct(vector, vector, length)
          for other in 0..<row {
            let known = start + other * length
            addScaled(vector, -dotProduct(vector, known, length), known, length)
          }
          let after = dotProduct(vector, vector, length)
          let factor = after > 1e-10 * before && after > 0 ? 1 / after.squareRoot() : 0
          for k in 0..<length { vector[k] *= factor }
        }
      }
    }
  }

  /// scores^T scores in double precision; each entry is one task, so its sum has a fixed order.
  private static func gram(
    _ scores: [Float], count: Int, _ block: Int, threads: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: block * block)
    result.withUnsafeMutableBufferPointer { result in
      let result = result.baseAddress!
      scores.withUnsafeBufferPointer { scores in
        Parallel.forEach(block, piece: 1, threads: threads) { rows in
          for p in rows {
            for i in 0..<count {
              let row = scores.baseAddress! + i * block
              let factor = Double(row[p])
              for q in p..<block { result[p * block + q] += factor * Double(row[q]) }
            }
          }
        }
      }
      for p in 0..<block { for q in 0..<p { result[p * block + q] = result[q * block + p] } }
    }
    return result
  }

  private static func sign(
    ofDirection weights: [Double], basis: [Float], _ dimension: Int
  ) -> Double {
    var direction = [Double](repeating: 0, count: dimension)
    for (row, weight) in weights.enumerated() {
      for k in 0..<dimension { direction[k] += weight * Double(basis[row * dimension + k]) }
    }
    let largest = direction.max { abs($0) < abs($1) } ?? 1
    return largest < 0 ? -1 : 1
  }
}

/// Centered points, with the products that subspace iteration needs.
private struct Centered {
  let values: [Float]
  let count: Int
  let dimension: Int
  let threads: Int

  init(_ points: PointMatrix, threads: Int) {
    let (count, dimension) = (points.count, points.dimension)
    var means = [Double](repeating: 0, count: dimension)
    for i in 0..<count {
      for k in 0..<dimension { means[k] += Double(points.values[i * dimension + k]) }
    }
    let mean = means.map { Float($0 / Double(count)) }
    var centered = points.values
    for i in 0..<count {
      for k in 0..<dimension { centered[i * dimension + k] -= mean[k] }
    }
    (values, self.count, self.dimension, self.threads) = (centered, count, dimension, threads)
  }

  /// [count, rows]: every point times every row of `basis` [rows, dimension].
  func times(_ basis: [Float], _ rows: Int) -> [Float] {
    var result = [Float](repeating: 0, count: count * rows)
    result.withUnsafeMutableBufferPointer { result in
      let result = result.baseAddress!
      values.withUnsafeBufferPointer { values in
        basis.withUnsafeBufferPointer { basis in
          Parallel.forEach(count, piece: 32, threads: threads) { range in
            for row in 0..<rows {
              let vector = basis.baseAddress! + row * dimension
              for i in range {
                result[i * rows + row] = dotProduct(
                  values.baseAddress! + i * dimension, vector, dimension)
              }
            }
          }
        }
      }
    }
    return result
  }

  /// [rows, dimension]: sums of points weighted by `scores` [count, rows].
  func transposedTimes(_ scores: [Float], _ rows: Int) -> [Float] {
    var result = [Float](repeating: 0, count: rows * dimension)
    result.withUnsafeMutableBufferPointer { result in
      let result = result.baseAddress!
      values.withUnsafeBufferPointer { values in
        scores.withUnsafeBufferPointer { scores in
          Parallel.forEach(rows, piece: 4, threads: threads) { range in
            for i in 0..<count {
              for row in range {
                addScaled(
                  result + row * dimension, scores[i * rows + row],
                  values.baseAddress! + i * dimension, dimension)
              }
            }
          }
        }
      }
    }
    return result
  }
}
