import Foundation
import Kernel

/// Writes files atomically: a file is complete or does not exist.
package enum AtomicFile {
  /// Calls `body` with a temporary path beside `path`, then flushes it to disk and renames it.
  ///
  /// If `body` throws, the temporary file is removed and an existing file at `path` is unchanged.
  /// - Throws: `RunError.cannotWrite` with `path` and the system's error message, or the error of
  ///   `body`.
  package static func write(to path: String, _ body: (_ temporaryPath: String) throws -> Void)
    throws
  {
    let temporary = Temporaries.name(for: path)
    Temporaries.add(temporary)
    defer { Temporaries.remove(temporary) }
    do {
      try body(temporary)
      try synchronize(temporary, as: path)
    } catch {
      FileSystem.remove(temporary)
      throw error
    }
    guard FileSystem.rename(temporary, to: path) else {
      let failure = AppendedFile.failure(path)
      FileSystem.remove(temporary)
      throw failure
    }
  }

  /// Writes `data` so that `path` holds either its old content or all of `data`.
  package static func write(_ data: Data, to path: String) throws {
    try write(to: path) { temporary in
      let file = try FileWriter(path: temporary, named: path)
      try data.withUnsafeBytes { try file.write($0) }
    }
  }

  /// Reserves an output file before long work, and checks that it can be written.
  ///
  /// Keep the returned claim until the file is written.
  /// - Parameter overwrite: whether an existing file may be replaced.
  /// - Throws: `RunError.alreadyExists`; `RunError.cannotWrite`, for a folder too; `RunError.inUse`
  ///   while another job holds it.
  package static func claim(_ path: String, overwrite: Bool) throws -> OutputClaim {
    guard !FileSystem.isFolder(path) else {
      throw RunError.cannotWrite(path: path, reason: "it is a folder")
    }
    guard overwrite || !FileSystem.exists(path) else {
      throw RunError.alreadyExists(
        path: path, remedy: "Give another name, or \(OptionName.overwrite) to replace it.")
    }
    return try OutputClaim(path)
  }

  /// Flushes a file, or a folder's list of names, to disk.
  static func synchronize(_ temporary: String, as path: String) throws {
    let file = FileSystem.open(temporary, O_RDONLY)
    guard file >= 0 else {
      throw AppendedFile.failure(path)
    }
    defer { close(file) }
    guard fsync(file) == 0 else {
      throw AppendedFile.failure(path)
    }
  }
}
