/// The nearest neighbors of each point, found by exhaustive search.
///
/// In tens of dimensions, search trees also visit nearly every point, and comparing blocks of
/// points needs no branches.
public struct NearestNeighbours: Sendable {
  /// Number of neighbors per query.
  public let neighbourCount: Int
  /// [queries * neighbourCount]: indices of references, nearest first; ties are sorted by index.
  public let indices: [Int32]
  /// [queries * neighbourCount]: Euclidean distances.
  public let distances: [Float]

  /// The `count` nearest other points of each point.
  /// - Throws: `TSNEError.tooFewPoints` if there are not more than `count` points.
  public init(within points: PointMatrix, count: Int, threads: Int = 1) throws {
    guard count >= 1, points.count > count else {
      throw TSNEError.tooFewPoints(
        count: points.count, needed: count + 1, purpose: "finding \(count) neighbours")
    }
    self = Self.search(points, points, count, excludesItself: true, threads)
  }

  /// The `count` nearest references of each query.
  /// - Throws: `TSNEError.tooFewPoints`, `.invalidSets` if dimensions differ.
  public init(
    of queries: PointMatrix, among references: PointMatrix, count: Int, threads: Int = 1
  ) throws {
    guard count >= 1, references.count >= count else {
      throw TSNEError.tooFewPoints(
        count: references.count, needed: count, purpose: "finding \(count) neighbours")
    }
    _ = try PointMatrix(joining: [queries, references])  // throws if dimensions differ
    self = Self.search(queries, references, count, excludesItself: false, threads)
  }

  private init(neighbourCount: Int, indices: [Int32], distances: [Float]) {
    (self.neighbourCount, self.indices, self.distances) = (neighbourCount, indices, distances)
  }

  private static func search(
    _ queries: PointMatrix, _ references: PointMatrix, _ count: Int, excludesItself: Bool,
    _ threads: Int
  ) -> NearestNeighbours {
    // References are transposed in groups of eight, so that a SIMD vector holds one component of
    // eight points.
    let groups = TransposedGroups(references)
    var indices = [Int32](repeating: 0, count: queries.count * count)
    var distances = [Float](repeating: 0, count: queries.count * count)
    let dimension = queries.dimension
    indices.withUnsafeMutableBufferPointer { indices in
      let indices = indices.baseAddress!
      distances.withUnsafeMutableBufferPointer { distances in
        let distances = distances.baseAddress!
        queries.values.withUnsafeBufferPointer { values in
          parallelLoop(queries.count, piece: 16, threads: threads) { range in
            var heaps = range.map { _ in NearestHeap(capacity: count) }
            // A block of references stays in the cache while all queries of the piece are compared
            // with it.
            for block in stride(from: 0, to: groups.count, by: 32) {
              let end = min(groups.count, block + 32)
              for query in range {
                let vector = values.baseAddress! + query * dimension
                for group in block..<end {
                  heaps[query - range.lowerBound].offer(
                    groups.squaredDistances(group, to: vector), first: group * 8,
                    excluding: excludesItself ? query : -1)
                }
              }
            }
            for query in range {
              for (k, entry) in heaps[query - range.lowerBound].sorted().enumerated() {
                indices[query * count + k] = entry.index
                distances[query * count + k] = entry.squared.squareRoot()
              }
            }
          }
        }
      }
    }
    return NearestNeighbours(neighbourCount: count, indices: indices, distances: distances)
  }
}

/// Points in groups of eight, component by component; the last group is padded with infinity.
private struct TransposedGroups: Sendable {
  let count: Int
  private let dimension: Int
  private let vectors: [SIMD8<Float>]

  init(_ points: PointMatrix) {
    count = (points.count + 7) / 8
    dimension = points.dimension
    var vectors = [SIMD8<Float>](
      repeating: SIMD8(repeating: .infinity), count: count * dimension)
    for i in 0..<points.count {
      for k in 0..<dimension {
        vectors[i / 8 * dimension + k][i % 8] = points.values[i * dimension + k]
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

/// Keeps the smallest entries in a heap with the largest of them on top.
private struct NearestHeap {
  struct Entry {
    var squared: Float
    var index: Int32

    @inline(__always)
    static func < (a: Entry, b: Entry) -> Bool {
      a.squared < b.squared || (a.squared == b.squared && a.index < b.index)
    }
  }

  private let capacity: Int
  private var entries: [Entry] = []
  private var limit = Float.infinity

  init(capacity: Int) {
    self.capacity = capacity
    entries.reserveCapacity(capacity)
  }

  @inline(__always)
  mutating func offer(_ squared: SIMD8<Float>, first: Int, excluding: Int) {
    // Indices increase, so a later entry at the same distance ranks behind earlier ones.
    guard squared.min() < limit else { return }
    for lane in 0..<8 where squared[lane] < limit && first + lane != excluding {
      insert(Entry(squared: squared[lane], index: Int32(first + lane)))
    }
  }

  private mutating func insert(_ entry: Entry) {
    if entries.count < capacity {
      entries.append(entry)
      var child = entries.count - 1
      while child > 0, entries[(child - 1) / 2] < entries[child] {
        entries.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else {
      entries[0] = entry
      var parent = 0
      while true {
        var child = 2 * parent + 1
        if child >= capacity { break }
        if child + 1 < capacity, entries[child] < entries[child + 1] { child += 1 }
        if !(entries[parent] < entries[child]) { break }
        entries.swapAt(child, parent)
        parent = child
      }
    }
    if entries.count == capacity { limit = entries[0].squared }
  }

  func sorted() -> [Entry] { entries.sorted { $0 < $1 } }
}
