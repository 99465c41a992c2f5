import Foundation

/// Values by number, in order, prepared by threads at most `capacity` ahead.
///
/// `@unchecked Sendable` because mutable properties are accessed only while `condition` is locked.
package final class OrderedQueue<Value: Sendable>: @unchecked Sendable {
  private let prepare: @Sendable (Int) throws -> Value
  private let capacity: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Value, any Error>] = [:]
  /// Numbers of the next value to prepare and of the next value to return.
  private var nextToPrepare: Int
  private var nextToTake: Int
  private var isStopped = false
  private var running: Int

  /// - Parameters:
  ///   - first: the number of the first value.
  ///   - name: of the threads.
  ///   - prepare: makes the value of a number; called on several threads.
  package init(
    from first: Int, capacity: Int, threads: Int, name: String,
    prepare: @escaping @Sendable (Int) throws -> Value
  ) {
    self.prepare = prepare
    self.capacity = capacity
    (nextToPrepare, nextToTake) = (first, first)
    running = threads
    for _ in 0..<threads {
      // The thread retains the queue, not its owner, so that the owner can be released and then stop
      // the queue.
      let thread = Thread { [self] in work() }
      thread.name = name
      thread.start()
    }
  }

  /// Number of threads that are still running.
  package var workerCount: Int { condition.withLock { running } }

  private func work() {
    while let number = claim() {
      let result = Result { try prepare(number) }
      condition.withLock {
        ready[number] = result
        condition.broadcast()
      }
    }
    condition.withLock {
      running -= 1
      condition.broadcast()
    }
  }

  /// Waits until the queue has space; `nil` if it was stopped.
  private func claim() -> Int? {
    condition.withLock {
      while !isStopped && nextToPrepare >= nextToTake + capacity { condition.wait() }
      guard !isStopped else { return nil }
      nextToPrepare += 1
      return nextToPrepare - 1
    }
  }

  /// The next value in order, and whether it was ready. One that failed is not removed, so that no
  /// later one is returned.
  package func take() -> (result: Result<Value, any Error>, wasReady: Bool) {
    condition.withLock {
      let wasReady = ready[nextToTake] != nil
      while true {
        if let result = ready[nextToTake] {
          if case .success = result {
            ready[nextToTake] = nil
            nextToTake += 1
            condition.broadcast()
          }
          return (result, wasReady)
        }
        condition.wait()
      }
    }
  }

  /// The next value.
  /// - Throws: what `prepare` threw for it; later calls throw it again.
  package func next() throws -> Value { try take().result.get() }

  /// Returns when every thread has ended, after its current value.
  package func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while running > 0 { condition.wait() }
    }
  }
}
