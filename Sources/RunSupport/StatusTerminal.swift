import DurableFiles
import Foundation
import Synchronization

/// The terminal output of a run: permanent lines, and below them one status line that is redrawn.
///
/// Log lines and the progress bar use the same object, so that they do not overwrite each other.
package final class StatusTerminal: Sendable {
  package static let standardError = StatusTerminal(
    isTerminal: isatty(STDERR_FILENO) == 1 && (getenv("TERM").map { String(cString: $0) } != "dumb")
  ) { text in StandardStream.errors.write(text) }

  /// Shows nothing.
  static let silent = StatusTerminal(isTerminal: false) { _ in }

  let isTerminal: Bool
  private let write: @Sendable (String) -> Void
  private let status = Mutex("")

  init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
    self.isTerminal = isTerminal
    self.write = write
  }

  /// The number of columns of the window; 80 if unknown.
  var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Prints a permanent line.
  package func line(_ text: String) {
    status.withLock { status in
      write(status.isEmpty ? "\(text)\n" : "\r\u{1B}[K\(text)\n\(status)")
    }
  }

  /// Replaces the status line; an empty text removes it. Does nothing if the output is not a
  /// terminal.
  func show(_ text: String) {
    guard isTerminal else { return }
    status.withLock { status in
      if !(status.isEmpty && text.isEmpty) { write("\r\u{1B}[K\(text)") }
      status = text
    }
  }
}
