import Foundation
import Synchronization

/// Standard output or standard error, written at once and without traps.
///
/// Foundation's `FileHandle` ends the program where a write fails, and Swift's `print` hides it.
public final class StandardStream: Sendable {
  public static let output = StandardStream(STDOUT_FILENO)
  public static let errors = StandardStream(STDERR_FILENO)

  private let descriptor: Int32
  private let failure = Mutex<Int32?>(nil)

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Writes what can be written; `check` tells of the rest.
  public func write(_ text: String) {
    failure.withLock { failure in
      guard failure == nil else { return }
      let bytes = FilePath.bytes(text)
      let isWhole = bytes.withUnsafeBytes { bytes in
        (try? AppendedFile.writeAll(bytes, to: descriptor, path: "standard output")) != nil
      }
      if !isWhole { failure = errno }
    }
  }

  public func line(_ text: String) { write(text + "\n") }

  /// The system's number of the first error.
  public var firstError: Int32? { failure.withLock { $0 } }

  /// - Throws: `RunError.cannotWrite` where something could not be written.
  public func check() throws {
    guard let code = firstError else { return }
    throw RunError.cannotWrite(path: "standard output", reason: String(cString: strerror(code)))
  }

  /// Makes a write that cannot go on an error like any other, instead of the process's end: a reader
  /// that is gone (SIGPIPE) and a file beyond its limit (SIGXFSZ). Streams that are closed are
  /// opened on nothing, so that no file of the program takes their place.
  public static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one. For reading: a result that is written there is an error.
      _ = Glibc.open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
