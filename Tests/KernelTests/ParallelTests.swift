import Synchronization
import Testing

@testable import Kernel

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 7], [1, 3, 64])
  func everyIndexIsDoneOnce(threads: Int, piece: Int) {
    let counts = (0..<50).map { _ in Counter() }
    Parallel.forEach(50, piece: piece, threads: threads) { range in
      #expect(range.count <= piece)
      for index in range { counts[index].add() }
    }
    #expect(counts.allSatisfy { $0.value == 1 })
  }

  @Test func nothingIsDoneForNothing() {
    Parallel.forEach(0, piece: 4, threads: 3) { _ in Issue.record("there is no index") }
    #expect(Parallel.map(0, threads: 3) { $0 }.isEmpty)
  }

  @Test(arguments: [1, 4])
  func resultsComeInOrder(threads: Int) {
    #expect(Parallel.map(100, threads: threads) { "\($0)" } == (0..<100).map { "\($0)" })
  }

  /// What is not begun leaves no gap in what is handed back.
  @Test(arguments: [1, 4])
  func aStopEndsTheResults(threads: Int) {
    let begun = Counter()
    let results = Parallel.map(1000, threads: threads, isStopped: begun.value >= 10) {
      begun.add()
      return $0
    }
    #expect(results == Array(0..<begun.value))
    #expect((10...10 + threads).contains(results.count))
  }

  private struct Failure: Error, Equatable { let index: Int }

  @Test(arguments: [1, 4])
  func aFailureIsTheLastResult(threads: Int) throws {
    let begun = Counter()
    let results = Parallel.results(5..<1000, threads: threads) { index in
      begun.add()
      if index == 20 { throw Failure(index: index) }
      return index
    }
    #expect(results.count == 16)
    #expect(try results.prefix(15).map { try $0.get() } == Array(5..<20))
    #expect(throws: Failure(index: 20)) { try results.last?.get() }
    #expect(begun.value < 900)
  }

  private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.wrappingAdd(1, ordering: .relaxed) }
  }
}
