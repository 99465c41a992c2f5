import Foundation

/// Writes a new file sequentially; every error names the file and the reason.
package final class FileWriter {
  private let descriptor: Int32
  private let name: String

  /// - Parameter named: the path for error messages, if `path` is a temporary name.
  /// - Throws: `RunError.cannotWrite` if `path` exists or cannot be created.
  package init(path: String, named name: String? = nil) throws {
    self.name = name ?? path
    descriptor = FileSystem.open(path, O_WRONLY | O_CREAT | O_EXCL)
    guard descriptor >= 0 else { throw AppendedFile.failure(self.name) }
  }
  deinit { close(descriptor) }

  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    try AppendedFile.writeAll(bytes, to: descriptor, path: name)
  }

  /// Copies the bytes of a file into a new one.
  /// - Throws: `RunError.cannotRead`, `RunError.cannotWrite`.
  package static func copy(_ path: String, to other: String) throws {
    let file = try FileWriter(path: other)
    try InputFile.readPieces(path) { try file.write($0) }
  }
}
