/// The nearest rows of a matrix, found by exhaustive search.
///
/// In tens of dimensions, search trees also visit nearly every point, and comparing blocks of
/// points needs no branches.
package struct NearestRows: Sendable {
  /// [queries * count]: indices of references, nearest first; ties are sorted by index.
  package private(set) var indices: [Int32]
  /// [queries * count]: Euclidean distances.
  package private(set) var distances: [Float]

  /// The `count` nearest of `references` [M, dimension] for each of `queries` [N, dimension].
  /// - Parameters:
  ///   - excludesSameIndex: leaves out the row of the query's own number, for a set within itself.
  ///   - count: at most the number of references, less one where the query's own is left out.
  package init(
    of queries: [Float], among references: [Float], dimension: Int, count: Int,
    excludesSameIndex: Bool, threads: Int = Parallel.processors
  ) {
    let queryCount = queries.count / dimension
    precondition(
      count >= 1 && references.count / dimension >= count + (excludesSameIndex ? 1 : 0),
      "not enough rows for \(count) neighbors")
    // References are transposed in groups of eight, so that a SIMD vector holds one component of
    // eight points.
    let groups = TransposedGroups(references, dimension: dimension)
    indices = [Int32](repeating: 0, count: queryCount * count)
    distances = [Float](repeating: .infinity, count: queryCount * count)
    indices.withUnsafeMutableBufferPointer { indices in
      let indices = indices.baseAddress!
      distances.withUnsafeMutableBufferPointer { distances in
        let distances = distances.baseAddress!
        queries.withUnsafeBufferPointer { values in
          Parallel.forEach(queryCount, piece: 16, threads: threads) { range in
            var heaps = range.map { _ in Nearest(count: count) }
            // A block of references stays in the cache while all queries of the piece are compared
            // with it.
            for block in stride(from: 0, to: groups.count, by: 32) {
              let end = min(groups.count, block + 32)
              for query in range {
                let vector = values.baseAddress! + query * dimension
                for group in block..<end {
                  heaps[query - range.lowerBound].offer(
                    groups.squaredDistances(group, to: vector), first: group * 8,
                    excluding: excludesSameIndex ? query : -1)
                }
              }
            }
            for query in range {
              for (k, entry) in heaps[query - range.lowerBound].sorted.enumerated() {
                indices[query * count + k] = entry.index
                distances[query * count + k] = entry.squared.squareRoot()
              }
            }
          }
        }
      }
    }
  }
}

/// Points in groups of eight, component by component; the last group is padded with infinity.
private struct TransposedGroups: Sendable {
  let count: Int
  private let dimension: Int
  private let vectors: [SIMD8<Float>]

  init(_ rows: [Float], dimension: Int) {
    let rowCount = rows.count / dimension
    count = (rowCount + 7) / 8
    self.dimension = dimension
    var vectors = [SIMD8<Float>](
      repeating: SIMD8(repeating: .infinity), count: count * dimension)
    for i in 0..<rowCount {
      for k in 0..<dimension {
        vectors[i / 8 * dimension + k][i % 8] = rows[i * dimension + k]
      }
    }
    self.vectors = vectors
  }

  @inline(__always)
  func squaredDistances(_ group: Int, to vector: UnsafePointer<Float>) -> SIMD8<Float> {
    vectors.withUnsafeBufferPointer { vectors in
      let start = vectors.baseAddress! + group * dimension
      var even = SIMD8<Float>.zero
      var odd = SIMD8<Float>.zero
      var k = 0
      while k + 1 < dimension {
        let first = start[k] - vector[k]
        let second = start[k + 1] - vector[k + 1]
        even += first * first
        odd += second * second
        k += 2
      }
      if k < dimension {
        let last = start[k] - vector[k]
        even += last * last
      }
      return even + odd
    }
  }
}

/// The nearest of the rows offered to a query.
private struct Nearest {
  struct Entry: Comparable {
    var squared: Float
    var index: Int32

    @inline(__always)
    static func < (a: Entry, b: Entry) -> Bool {
      a.squared < b.squared || (a.squared == b.squared && a.index < b.index)
    }
  }

  private var entries: SmallestFew<Entry>
  private var limit = Float.infinity

  init(count: Int) { entries = SmallestFew(capacity: count) }

  var sorted: [Entry] { entries.sorted }

  @inline(__always)
  mutating func offer(_ squared: SIMD8<Float>, first: Int, excluding: Int) {
    // Indices increase, so a later entry at the same distance ranks behind earlier ones.
    guard squared.min() < limit else { return }
    for lane in 0..<8 where squared[lane] < limit && first + lane != excluding {
      entries.insert(Entry(squared: squared[lane], index: Int32(first + lane)))
      if let farthest = entries.limit { limit = farthest.squared }
    }
  }
}
