import Dispatch

/// Calls `body` for 0..<count on all processors; results are in order and do not depend on the
/// number of processors.
package func parallelMap<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
  [Result](unsafeUninitializedCapacity: count) { buffer, initialised in
    let start = buffer.baseAddress
    withoutActuallyEscaping(body) { body in
      // Unchecked, because every call writes its own element, and all calls end before this
      // function returns.
      nonisolated(unsafe) let body = body
      nonisolated(unsafe) let start = start
      DispatchQueue.concurrentPerform(iterations: count) { index in
        (start! + index).initialize(to: body(index))
      }
    }
    initialised = count
  }
}
