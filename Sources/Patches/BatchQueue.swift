import Foundation

/// Provides batches in order, prepared by worker threads at most `capacity` ahead.
///
/// `@unchecked Sendable` because mutable properties are accessed only while `condition` is locked.
final class BatchQueue: @unchecked Sendable {
  private let sampler: PatchSampler
  private let share: BatchShare
  private let startIndex: Int
  private let capacity: Int

  private let condition = NSCondition()
  private var ready: [Int: Result<PreparedBatch, any Error>] = [:]
  /// Numbers of the next batch to prepare and of the next batch to return.
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

  /// Number of workers that are still running.
  var workerCount: Int { condition.withLock { runningWorkers } }

  func startWorker() {
    condition.withLock { runningWorkers += 1 }
    // The thread retains the queue, not the loader, so that the loader can be released and then
    // stop the queue.
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

  /// Waits until the queue has space; `nil` if the queue was stopped.
  private func claimBatch() -> Int? {
    condition.withLock {
      while !isStopped && nextToPrepare >= nextToTake + capacity { condition.wait() }
      guard !isStopped else { return nil }
      nextToPrepare += 1
      return nextToPrepare - 1
    }
  }

  /// The next batch in order, and whether it was ready. A failed batch is not removed, so that no
  /// later batch is returned.
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

  /// Returns when every worker has ended, after its current batch.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while runningWorkers > 0 { condition.wait() }
    }
  }
}
