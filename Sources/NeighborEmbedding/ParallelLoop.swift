import Dispatch
import Foundation
import Synchronization

/// Runs `body` over pieces of `0..<count` on up to `threads` threads, and waits.
///
/// The assignment of pieces to threads is arbitrary, so `body` must write only elements of its own
/// indices; then results do not depend on the number of threads.
func parallelLoop(
  _ count: Int, piece: Int, threads: Int, _ body: (Range<Int>) -> Void
) {
  let pieces = (count + piece - 1) / piece
  guard threads > 1, pieces > 1 else {
    for start in stride(from: 0, to: count, by: piece) { body(start..<min(count, start + piece)) }
    return
  }
  let next = Atomic<Int>(0)
  withoutActuallyEscaping(body) { body in
    // Unchecked, because the pieces are disjoint, and all threads end before this function returns.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: min(threads, pieces)) { _ in
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < pieces else { return }
        body(number * piece..<min(count, (number + 1) * piece))
      }
    }
  }
}
