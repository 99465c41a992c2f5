import Foundation

/// Values by number, in order, prepared by threads at most `capacity` ahead.
///
/// `@unchecked Sendable` because mutable properties are accessed only while `condition` is locked.
final class OrderedQueue<Value: Sendable>: @unchecked Sendable {
  private let prepare: @Sendable (Int) throws -> Value
  private let capacity: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Value, any Error>] = [:]
  private var nextToPrepare: Int
  private var nextToTake: Int
  private var isStopped = false
  private var running = 0

  /// - Parameter prepare: makes the value of a number; called on several threads.
  init(
    from first: Int, capacity: Int, threads: Int,
    prepare: @escaping @Sendable (Int) throws -> Value
  ) {
    self.prepare = prepare
    self.capacity = capacity
    (nextToPrepare, nextToTake) = (first, first)
    running = threads
    for _ in 0..<threads {
      let thread = Thread { [self] in work() }
      thread.name = "phase samples"
      thread.start()
    }
  }

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

  private func claim() -> Int? {
    condition.withLock {
      while !isStopped && nextToPrepare >= nextToTake + capacity { condition.wait() }
      guard !isStopped else { return nil }
      nextToPrepare += 1
      return nextToPrepare - 1
    }
  }

  /// The next value.
  /// - Throws: what `prepare` threw for it; later calls throw it again.
  func next() throws -> Value {
    try condition.withLock {
      while ready[nextToTake] == nil { condition.wait() }
      guard case .success(let value) = ready[nextToTake] else {
        return try ready[nextToTake]!.get()
      }
      ready[nextToTake] = nil
      nextToTake += 1
      condition.broadcast()
      return value
    }
  }

  /// Returns when every thread has ended, after its current value.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while running > 0 { condition.wait() }
    }
  }
}
