import Foundation
import Synchronization

/// Standard output or standard error, written without buffering and without crashes.
///
/// If a write fails, Foundation's `FileHandle` ends the program and Swift's `print` hides the
/// error.
package final class StandardStream: Sendable {
  package static let output = StandardStream(STDOUT_FILENO)
  package static let errors = StandardStream(STDERR_FILENO)

  private let descriptor: Int32
  private let failure = Mutex<Int32?>(nil)

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Writes `text`; `check` reports a failure.
  package func write(_ text: String) {
    FilePath.bytes(text).withUnsafeBytes { write($0) }
  }

  /// Writes all of `bytes`; `check` reports a failure.
  package func write(_ bytes: UnsafeRawBufferPointer) {
    failure.withLock { failure in
      guard failure == nil else { return }
      let isWhole =
        (try? AppendedFile.writeAll(bytes, to: descriptor, path: "standard output")) != nil
      if !isWhole { failure = errno }
    }
  }

  package func line(_ text: String) { write(text + "\n") }

  /// The `errno` of the first error.
  package var firstError: Int32? { failure.withLock { $0 } }

  /// - Throws: `RunError.cannotWrite` if a write has failed.
  package func check() throws {
    guard let code = firstError else { return }
    throw RunError.cannotWrite(path: "standard output", reason: String(cString: strerror(code)))
  }

  /// Turns signals of failed writes into errors, instead of ending the process: a reader that is
  /// gone (SIGPIPE) and a file beyond its size limit (SIGXFSZ). Closed standard streams are opened
  /// on /dev/null, so that no other file gets their descriptors.
  package static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free descriptor is this one. Opened for reading, so that writing a result there
      // is an error.
      _ = Glibc.open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
