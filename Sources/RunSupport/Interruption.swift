import Foundation
import Synchronization

/// The first Ctrl-C or SIGTERM asks long work to finish its step and save; the second kills.
///
/// Long loops poll `isRequested` (an atomic load) or call `check()`.
public enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Whether the user has asked the program to stop.
  public static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// - Throws: `RunError.interrupted` once the user has asked the program to stop.
  public static func check() throws {
    if isRequested { throw RunError.interrupted }
  }

  /// Handles SIGINT and SIGTERM from now on. Commands that have something to save call it.
  ///
  /// A signal that the parent told this process to ignore (`nohup`, a script's background job)
  /// stays ignored.
  public static func install() {
    _ = isRequested  // initialised here, never inside the handler
    for signalNumber in [SIGINT, SIGTERM] {
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
    sigaddset(&handled, SIGINT)
    sigaddset(&handled, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &handled, nil)
  }

  /// Forgets a request; for tests.
  static func reset() { requested.store(false, ordering: .relaxed) }

  /// Calls only what POSIX allows in a signal handler: an atomic exchange, `write`, `signal`, `raise`.
  private static let handle: @convention(c) (Int32) -> Void = { signalNumber in
    guard requested.exchange(true, ordering: .relaxed) else {
      let message: StaticString =
        "\nstopping after this step, then saving; once more to stop at once without saving\n"
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
