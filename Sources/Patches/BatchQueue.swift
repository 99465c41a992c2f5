import Foundation

/// Batches in order, from any number of worker threads, never more than `capacity` ahead.
///
/// `@unchecked Sendable`: every mutable property is touched only while `condition` is locked.
final class BatchQueue: @unchecked Sendable {
  private let sampler: PatchSampler
  private let share: BatchShare
  private let startIndex: Int
  private let capacity: Int

  private let condition = NSCondition()
  private var ready: [Int: Result<PreparedBatch, any Error>] = [:]
  /// Numbers of the next batch to begin with, and to hand out.
  private var nextToPrepare = 0
  private var nextToTake = 0
  private var isStopped = false
  private var runningWorkers = 0

  init(sampler: PatchSampler, share: BatchShare, startIndex: Int, capacity: Int) {
    self.sampler = sampler
    self.share = share
    self.startIndex = startIndex
    self.capacity = capacity
  }

  /// How many workers have not ended yet.
  var workerCount: Int { condition.withLock { runningWorkers } }

  func startWorker() {
    condition.withLock { runningWorkers += 1 }
    // The thread holds the queue, not the loader, so that the loader can go and stop it.
    let thread = Thread { [self] in work() }
    thread.name = "patch loader"
    thread.start()
  }

  private func work() {
    while let number = claimBatch() {
      let result = Result {
        try sampler.batch(
          firstIndex: startIndex + number * share.total + share.range.lowerBound,
          count: share.range.count)
      }
      condition.withLock {
        ready[number] = result
        condition.broadcast()
      }
    }
    condition.withLock {
      runningWorkers -= 1
      condition.broadcast()
    }
  }

  /// Waits until there is room; `nil` when the queue was stopped.
  private func claimBatch() -> Int? {
    condition.withLock {
      while !isStopped && nextToPrepare >= nextToTake + capacity { condition.wait() }
      guard !isStopped else { return nil }
      nextToPrepare += 1
      return nextToPrepare - 1
    }
  }

  /// The next batch in order, and whether it was there already. One that failed stays, so that
  /// nothing after it is handed out.
  func take() -> (result: Result<PreparedBatch, any Error>, wasReady: Bool) {
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

  /// Returns when every worker has ended; each at most finishes its batch.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while runningWorkers > 0 { condition.wait() }
    }
  }
}
