import Testing

@testable import Kernel

@Suite struct NearestRowsTests {
  private let dimension = 5

  private func rows(_ count: Int, seed: UInt64) -> [Float] {
    var random = CounterRandom(seed, .testInput)
    return (0..<count * dimension).map { _ in Float(random.normal()) }
  }

  /// Numbers of all rows sorted by distance to a vector.
  private func sorted(_ references: [Float], by vector: ArraySlice<Float>) -> [Int32] {
    let distances = (0..<references.count / dimension).map { row in
      zip(references[row * dimension..<(row + 1) * dimension], vector)
        .reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    }
    return distances.indices.sorted { distances[$0] < distances[$1] }.map { Int32($0) }
  }

  @Test(arguments: [1, 3])
  func theyAreTheFirstOfAllSorted(threads: Int) {
    let references = rows(301, seed: 1)
    let queries = rows(43, seed: 2)
    let found = NearestRows(
      of: queries, among: references, dimension: dimension, count: 7, excludesSameIndex: false,
      threads: threads)
    for query in 0..<43 {
      let vector = queries[query * dimension..<(query + 1) * dimension]
      #expect(
        Array(found.indices[query * 7..<query * 7 + 7])
          == Array(sorted(references, by: vector).prefix(7)))
      let distances = found.distances[query * 7..<query * 7 + 7]
      #expect(distances == distances.sorted()[...])
    }
  }

  @Test func aRowIsNotItsOwnNeighbor() {
    let points = rows(20, seed: 3)
    let with = NearestRows(
      of: points, among: points, dimension: dimension, count: 1, excludesSameIndex: false)
    #expect(with.indices == (0..<20).map { Int32($0) } && with.distances.allSatisfy { $0 == 0 })
    let without = NearestRows(
      of: points, among: points, dimension: dimension, count: 19, excludesSameIndex: true)
    for query in 0..<20 {
      #expect(
        without.indices[query * 19..<query * 19 + 19].sorted()
          == (0..<20).filter { $0 != query }.map { Int32($0) })
    }
  }

  @Test func equallyNearRowsComeByNumber() {
    let found = NearestRows(
      of: [0], among: [2, 1, -1, 1, 5, -1, 1, 1, 1, 1], dimension: 1, count: 4,
      excludesSameIndex: false)
    #expect(found.indices == [1, 2, 3, 5] && found.distances == [1, 1, 1, 1])
  }
}

@Suite struct SmallestFewTests {
  @Test(arguments: [1, 2, 5, 30])
  func theyAreTheFirstOfAllSorted(capacity: Int) {
    var random = CounterRandom(4, .testInput)
    let values = (0..<30).map { _ in random.integer(below: 12) }
    var few = SmallestFew<Int>(capacity: capacity)
    for (number, value) in values.enumerated() {
      few.insert(value)
      #expect(few.sorted == Array(values.prefix(number + 1).sorted().prefix(capacity)))
      #expect(few.limit == (number + 1 < capacity ? nil : few.sorted.last))
    }
    few.removeAll()
    #expect(few.sorted.isEmpty && few.limit == nil)
  }
}
