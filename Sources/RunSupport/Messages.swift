import Logging
import Synchronization

/// How much the process says on standard error; the command sets it once, before the work begins.
package enum Messages {
  package enum Level: Int, Sendable {
    /// Warnings and errors only.
    case quiet
    /// Progress and notes as well.
    case normal
    /// Debug lines as well.
    case verbose
  }

  private static let current = Atomic(Level.normal.rawValue)

  package static var level: Level {
    get { Level(rawValue: current.load(ordering: .relaxed)) ?? .normal }
    set { current.store(newValue.rawValue, ordering: .relaxed) }
  }

  /// The lowest level of log lines that are shown; files contain all lines.
  static var shownLevel: Logger.Level { level == .quiet ? .warning : .trace }

  /// Logs a line for `--verbose`.
  package static func debug(_ text: @autoclosure () -> String) {
    guard level == .verbose else { return }
    logger?.debug("\(text())")
  }

  private static let logger = try? RunLog.logger(level: .debug)
}
