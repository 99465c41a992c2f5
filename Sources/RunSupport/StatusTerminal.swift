import DurableFiles
import Foundation
import Synchronization

/// Where people watch a run: lines that stay, and under them one status line that is redrawn.
///
/// Log lines and the progress bar share one object, so that neither breaks into the other.
public final class StatusTerminal: Sendable {
  public static let standardError = StatusTerminal(
    isTerminal: isatty(STDERR_FILENO) == 1 && (getenv("TERM").map { String(cString: $0) } != "dumb")
  ) { text in StandardStream.errors.write(text) }

  let isTerminal: Bool
  private let write: @Sendable (String) -> Void
  private let status = Mutex("")

  init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
    self.isTerminal = isTerminal
    self.write = write
  }

  /// Columns of the window; 80 where that is not known.
  var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Prints a line that stays.
  public func line(_ text: String) {
    status.withLock { status in
      write(status.isEmpty ? "\(text)\n" : "\r\u{1B}[K\(text)\n\(status)")
    }
  }

  /// Replaces the status line; an empty text removes it. Does nothing away from a terminal.
  func show(_ text: String) {
    guard isTerminal else { return }
    status.withLock { status in
      if !(status.isEmpty && text.isEmpty) { write("\r\u{1B}[K\(text)") }
      status = text
    }
  }
}
