import Foundation

/// A file that is extended by whole records: a failed append leaves it unchanged.
///
/// Only one process at a time may append to it.
package final class AppendedFile: Sendable {
  let path: String
  private let descriptor: Int32

  /// Opens `path` for appending, or creates it.
  /// - Throws: `RunError.cannotWrite`.
  package init(path: String) throws {
    self.path = path
    descriptor = FileSystem.open(path, O_WRONLY | O_CREAT | O_APPEND)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  /// Opens a file of lines for appending, or creates it. An incomplete last line, left by a killed
  /// process, is removed.
  /// - Returns: the file and the number of its lines.
  /// - Throws: `RunError.cannotRead`, `RunError.cannotWrite`.
  package static func ofLines(_ path: String) throws -> (file: AppendedFile, lineCount: Int) {
    let file = try AppendedFile(path: path)
    var (count, length, end) = (0, 0, 0)
    try InputFile.readPieces(path) { piece in
      for (offset, byte) in piece.enumerated() where byte == UInt8(ascii: "\n") {
        count += 1
        end = length + offset + 1
      }
      length += piece.count
    }
    if end < length, ftruncate(file.descriptor, off_t(end)) != 0 { throw failure(path) }
    return (file, count)
  }

  deinit { close(descriptor) }

  /// - Throws: `RunError.cannotWrite` (for example a full disk); the file then has its old length.
  package func append(_ record: Data) throws {
    let start = lseek(descriptor, 0, SEEK_END)
    do {
      try record.withUnsafeBytes { try Self.writeAll($0, to: descriptor, path: path) }
    } catch {
      if start >= 0 { ftruncate(descriptor, start) }
      throw error
    }
  }

  /// Writes all of `bytes`, in as many system calls as needed.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var offset = 0
    while offset < bytes.count {
      let count = write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      offset += count
    }
  }

  package static func failure(_ path: String) -> RunError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }
}
