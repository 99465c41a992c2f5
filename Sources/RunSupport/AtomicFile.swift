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
      let failure = AppendedFile.failure(path)
      unlink(temporary)
      throw failure
    }
  }

  /// Writes `data` so that `path` holds either its old content or all of `data`.
  public static func write(_ data: Data, to path: String) throws {
    try write(to: path) { temporary in
      let file = try FileWriter(path: temporary, named: path)
      try data.withUnsafeBytes { try file.write($0) }
    }
  }

  /// Finds out before long work whether `path` can be written, and leaves nothing there.
  /// - Throws: `RunError.cannotWrite`, for a folder too.
  public static func check(_ path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw RunError.cannotWrite(path: path, reason: "it is a folder")
    }
    let temporary = "\(path).part-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    _ = try FileWriter(path: temporary, named: path)
    unlink(temporary)
  }

  /// Flushes a file or a folder's list of names to the disk.
  static func synchronize(_ temporary: String, as path: String) throws {
    let file = open(temporary, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw AppendedFile.failure(path)
    }
    defer { close(file) }
    guard fsync(file) == 0 else {
      throw AppendedFile.failure(path)
    }
  }
}
