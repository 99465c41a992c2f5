import Dispatch

/// `body` of 0..<count in order, on all processors. Each result is computed by one call, so it does
/// not depend on how many there are.
package func parallelMap<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
  [Result](unsafeUninitializedCapacity: count) { buffer, initialised in
    let start = buffer.baseAddress
    withoutActuallyEscaping(body) { body in
      // Unchecked: every call writes its own place, and all are done before this returns.
      nonisolated(unsafe) let body = body
      nonisolated(unsafe) let start = start
      DispatchQueue.concurrentPerform(iterations: count) { index in
        (start! + index).initialize(to: body(index))
      }
    }
    initialised = count
  }
}
