import Dispatch
import Foundation
import Synchronization

/// What requests ask of the thread that draws.
enum StudioWork: Sendable, Equatable {
  case map(MapRequest)
  case interferogram(MapRequest, PhaseRequest)
  case realMap(index: Int, side: Int)
}

/// Requests that wait for the one thread that draws; a bounded number, in order.
///
/// Tensors stay on the thread that made them, and the networks use all cores anyway, so maps are drawn
/// one after the other.
final class WorkQueue: Sendable {
  /// A request that waits; it must be answered once.
  struct Job: Sendable {
    fileprivate let number: Int
    let work: StudioWork
    fileprivate let continuation: CheckedContinuation<Data, any Error>

    func answer(_ result: Result<Data, any Error>) { continuation.resume(with: result) }
  }

  private struct State {
    var jobs: [Job] = []
    var next = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  private let signal = DispatchSemaphore(value: 0)
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Waits for the answer to a piece of work.
  /// - Throws: `StudioError.busy` if too many wait, `.stopping` once it is closed, what the work threw,
  ///   `CancellationError`.
  func result(of work: StudioWork) async throws -> Data {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let refusal: StudioError? = state.withLock { state in
          if state.isClosed { return .stopping }
          if state.jobs.count >= capacity { return .busy(waiting: state.jobs.count) }
          state.jobs.append(Job(number: number, work: work, continuation: continuation))
          return nil
        }
        if let refusal { continuation.resume(throwing: refusal) } else { signal.signal() }
      }
    } onCancel: {
      let job = state.withLock { state in
        state.jobs.firstIndex { $0.number == number }.map { state.jobs.remove(at: $0) }
      }
      job?.answer(.failure(CancellationError()))
    }
  }

  /// The job that waits longest; `nil` if none came within some seconds.
  func next(withinSeconds seconds: Double) -> Job? {
    guard signal.wait(timeout: .now() + seconds) == .success else { return nil }
    return state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }

  /// Refuses further work, and everything that waits.
  func close() {
    let jobs = state.withLock { state in
      defer { state.jobs = [] }
      state.isClosed = true
      return state.jobs
    }
    for job in jobs { job.answer(.failure(StudioError.stopping)) }
  }
}
