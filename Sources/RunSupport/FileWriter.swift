import Foundation

/// A new file that is written from front to back; every failure names the file and the reason.
public final class FileWriter {
  private let descriptor: Int32
  private let name: String

  /// - Parameter named: the path that errors speak of, when `path` is only a temporary name.
  /// - Throws: `RunError.cannotWrite` when `path` exists or cannot be made.
  public init(path: String, named name: String? = nil) throws {
    self.name = name ?? path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RunError.cannotWrite(path: self.name, reason: String(cString: strerror(errno)))
    }
  }
  deinit { close(descriptor) }

  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    var offset = 0
    while offset < bytes.count {
      let written = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        throw RunError.cannotWrite(path: name, reason: String(cString: strerror(errno)))
      }
      offset += written
    }
  }
}
