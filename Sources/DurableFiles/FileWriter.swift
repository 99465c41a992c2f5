import Foundation

/// A new file that is written from front to back; every failure names the file and the reason.
public final class FileWriter {
  private let descriptor: Int32
  private let name: String

  /// - Parameter named: the path that errors speak of, when `path` is only a temporary name.
  /// - Throws: `RunError.cannotWrite` when `path` exists or cannot be made.
  public init(path: String, named name: String? = nil) throws {
    self.name = name ?? path
    descriptor = FileSystem.open(path, O_WRONLY | O_CREAT | O_EXCL)
    guard descriptor >= 0 else { throw AppendedFile.failure(self.name) }
  }
  deinit { close(descriptor) }

  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    try AppendedFile.writeAll(bytes, to: descriptor, path: name)
  }
}
