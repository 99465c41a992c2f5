import Foundation

/// Files that appear whole or not at all.
public enum AtomicFile {
  /// Calls `body` with a temporary path beside `path`, then flushes it to disk and renames it.
  ///
  /// The temporary file is removed when `body` throws, and whatever stood at `path` is untouched.
  /// - Throws: `RunError.cannotWrite` naming `path` and the system's reason, or what `body` throws.
  public static func write(to path: String, _ body: (_ temporaryPath: String) throws -> Void) throws
  {
    let temporary = "\(path).part-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    do {
      try body(temporary)
      try synchronize(temporary, as: path)
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw RunError.cannotWrite(path: path, reason: reason)
    }
  }

  /// Writes `data` so that `path` holds either its old content or all of `data`.
  public static func write(_ data: Data, to path: String) throws {
    try write(to: path) { temporary in
      let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard file >= 0 else {
        throw RunError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
      }
      defer { close(file) }
      try data.withUnsafeBytes { bytes in
        var offset = 0
        while offset < bytes.count {
          let written = Glibc.write(file, bytes.baseAddress! + offset, bytes.count - offset)
          if written < 0 && errno == EINTR { continue }
          guard written > 0 else {
            throw RunError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
          }
          offset += written
        }
      }
    }
  }

  private static func synchronize(_ temporary: String, as path: String) throws {
    let file = open(temporary, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw RunError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(file) }
    guard fsync(file) == 0 else {
      throw RunError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
