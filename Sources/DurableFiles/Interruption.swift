import Foundation
import Synchronization

/// The first Ctrl-C, SIGTERM or SIGHUP asks long work to stop; the second ends the process.
///
/// Long loops poll `isRequested` (an atomic load) or call `check()`.
package enum Interruption {
  private static let requested = Atomic<Bool>(false)
  private static let hasNothingToSave = Atomic<Bool>(false)
  private static let isEnding = Atomic<Bool>(false)

  /// Whether the user has asked the program to stop.
  package static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// - Throws: `RunError.interrupted` once the user has asked the program to stop.
  package static func check() throws {
    if isRequested { throw RunError.interrupted }
  }

  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Installs the handlers of SIGINT, SIGTERM and SIGHUP. Commands that write files call it.
  ///
  /// A signal that the parent process set to be ignored (`nohup`, a background job of a script)
  /// stays ignored.
  /// - Parameter seconds: for work that has nothing to save, the time in s to stop by itself; after
  ///   that, its temporary files are removed and the process ends. `nil` for no limit.
  package static func install(endingWithin seconds: Double? = nil) {
    _ = isRequested  // initialized here, never inside the handler
    hasNothingToSave.store(seconds != nil, ordering: .relaxed)
    _ = isEnding.load(ordering: .relaxed)
    for signalNumber in signals {
      var previous = sigaction()
      sigaction(signalNumber, nil, &previous)
      if isIgnored(previous) { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = handle
      action.sa_flags = SA_RESTART
      sigaction(signalNumber, &action, nil)
    }
    // A parent that started this process from a worker thread may have left the signals blocked.
    var handled = sigset_t()
    sigemptyset(&handled)
    for signalNumber in signals { sigaddset(&handled, signalNumber) }
    pthread_sigmask(SIG_UNBLOCK, &handled, nil)
    if let seconds { Thread.detachNewThread { end(within: seconds) } }
  }

  /// Waits for a request, and ends the process if the work does not stop within `seconds`.
  private static func end(within seconds: Double) {
    while !isRequested { usleep(20_000) }
    usleep(useconds_t(seconds * 1e6))
    isEnding.store(true, ordering: .sequentiallyConsistent)
    Temporaries.removeAll()
    StandardStream.errors.line("Error: \(RunError.interrupted)")
    _exit(RunExitCode.interrupted.rawValue)
  }

  /// Does not return while the process is being ended, because errors that a thread then meets
  /// (removed files) are not its own.
  package static func waitIfEnding() {
    while isEnding.load(ordering: .sequentiallyConsistent) { usleep(20_000) }
  }

  /// Calls only functions that POSIX allows in a signal handler: atomics, `write`, `signal`,
  /// `raise`.
  private static let handle: @convention(c) (Int32) -> Void = { signalNumber in
    guard requested.exchange(true, ordering: .relaxed) else {
      let saving: StaticString =
        "\nstopping after this step, then saving; once more to stop at once without saving\n"
      let ending: StaticString = "\nstopping\n"
      let message = hasNothingToSave.load(ordering: .relaxed) ? ending : saving
      _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      return
    }
    signal(signalNumber, SIG_DFL)
    raise(signalNumber)  // delivered when the handler returns
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
