import Dispatch
import Foundation
import Synchronization

/// Loops on several threads.
///
/// Which thread gets which part is left to chance, but each part is done by one call of the body.
/// A body whose results depend on its own index alone therefore gives the same results on any number
/// of threads.
package enum Parallel {
  /// The number of processors, which is how many threads a loop takes unless told otherwise.
  package static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Runs `body` over pieces of `0..<count` on up to `threads` threads, and waits.
  ///
  /// `body` must write only what belongs to its own indices.
  /// - Parameters:
  ///   - piece: indices per call.
  ///   - isStopped: evaluated before each piece, on any thread; once true, no further piece is begun.
  package static func forEach(
    _ count: Int, piece: Int = 1, threads: Int = processors,
    isStopped: @autoclosure () -> Bool = false, _ body: (Range<Int>) -> Void
  ) {
    let pieces = (count + piece - 1) / piece
    guard threads > 1, pieces > 1 else {
      for start in stride(from: 0, to: count, by: piece) {
        if isStopped() { return }
        body(start..<min(count, start + piece))
      }
      return
    }
    let next = Atomic<Int>(0)
    withoutActuallyEscaping(body) { body in
      withoutActuallyEscaping(isStopped) { isStopped in
        // Unchecked: the pieces are disjoint, and all threads are done before this returns.
        nonisolated(unsafe) let body = body
        nonisolated(unsafe) let isStopped = isStopped
        DispatchQueue.concurrentPerform(iterations: min(threads, pieces)) { _ in
          while !isStopped() {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < pieces else { return }
            body(number * piece..<min(count, (number + 1) * piece))
          }
        }
      }
    }
  }

  /// `body` of `0..<count`, in order.
  /// - Parameter isStopped: evaluated before each index; once true, no further index is begun.
  /// - Returns: the results before the first index that was not begun; all of them unless stopped.
  package static func map<Value>(
    _ count: Int, threads: Int = processors, isStopped: @autoclosure () -> Bool = false,
    _ body: (Int) -> Value
  ) -> [Value] {
    var values = [Value?](repeating: nil, count: count)
    values.withUnsafeMutableBufferPointer { values in
      forEach(count, threads: threads, isStopped: isStopped()) { range in
        for index in range { values[index] = body(index) }
      }
    }
    return values.prefix { $0 != nil }.compactMap { $0 }
  }

  /// `body` of every index, in order. After a failure no further index is begun.
  /// - Returns: the results before the first failure, and that failure last.
  package static func results<Value>(
    _ indices: Range<Int>, threads: Int = processors, _ body: (Int) throws -> Value
  ) -> [Result<Value, any Error>] {
    let hasFailed = Atomic(false)
    let results = map(
      indices.count, threads: threads, isStopped: hasFailed.load(ordering: .relaxed)
    ) { offset in
      let result = Result { try body(indices.lowerBound + offset) }
      if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
      return result
    }
    let failure = results.firstIndex { if case .failure = $0 { true } else { false } }
    return Array(failure.map { results[...$0] } ?? results[...])
  }
}
