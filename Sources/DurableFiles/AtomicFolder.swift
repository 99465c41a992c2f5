import Foundation

/// Writes folders atomically: a folder is complete or does not exist.
package enum AtomicFolder {
  /// What to do if the folder exists already (an empty one is always used).
  package enum Existing: Sendable, Equatable {
    /// Throw an error and do not change it.
    case refuse
    /// Replace it if it contains a file of this name, which marks an output of this program.
    case replace(ifItHolds: String)
  }

  /// Calls `body` with a temporary folder beside `path`, flushes it to disk and renames it.
  ///
  /// Missing parent folders are created. If `body` throws, the temporary folder is removed and
  /// `path` is unchanged. Temporary files of this output that a killed process left are removed
  /// first.
  /// - Throws: `RunError.alreadyExists` and `RunError.inUse` before `body` is called,
  ///   `RunError.cannotWrite`, or the error of `body`.
  package static func write(
    to path: String, existing: Existing = .refuse,
    _ body: (_ temporaryPath: String) throws -> Void
  ) throws {
    let path = FilePath.trimmed(path)
    try checkExisting(path, existing)
    let temporary = Temporaries.name(for: path)
    let claim: OutputClaim
    do {
      try makeFolders(FilePath.folder(path))
      claim = try OutputClaim(path)
      try makeFolders(temporary)
    } catch RunError.cannotWrite(_, let reason) {
      throw RunError.cannotWrite(path: path, reason: reason)
    }
    Temporaries.add(temporary)
    defer { withExtendedLifetime(claim) { Temporaries.remove(temporary) } }
    do {
      try body(temporary)
      try synchronizeTree(temporary, as: path)
      try checkExisting(path, existing)
      try move(temporary, to: path)
    } catch {
      FileSystem.remove(temporary)
      throw error
    }
  }

  private static func checkExisting(_ path: String, _ existing: Existing) throws {
    guard FileSystem.exists(path) else { return }
    guard FileSystem.isFolder(path) else {
      throw RunError.alreadyExists(path: path, remedy: "It is a file: give a folder's name.")
    }
    let names = try names(in: path)
    switch existing {
    case _ where names.isEmpty: return
    case .refuse:
      throw RunError.alreadyExists(path: path, remedy: "Delete it, or give another name.")
    case .replace(let mark):
      guard !names.contains(mark) else { return }
      throw RunError.alreadyExists(
        path: path, remedy: "It contains no \(mark), so it is not replaced: give another name.")
    }
  }

  /// Renames a finished folder to its final name. If that folder exists, the two are exchanged in
  /// one system call, so that a killed process leaves either the old or the new one.
  package static func move(_ temporary: String, to path: String) throws {
    if FileSystem.rename(temporary, to: path) { return }
    guard errno == ENOTEMPTY || errno == EEXIST else { throw AppendedFile.failure(path) }
    if !FileSystem.exchange(temporary, path) {
      // The file system cannot exchange names: move the old folder aside for a moment.
      let old = Temporaries.name(for: path)
      guard FileSystem.rename(path, to: old) else { throw AppendedFile.failure(path) }
      guard FileSystem.rename(temporary, to: path) else {
        let failure = AppendedFile.failure(path)
        _ = FileSystem.rename(old, to: path)
        throw failure
      }
      FileSystem.remove(old)
    }
    FileSystem.remove(temporary)
  }

  /// Flushes every file and folder below `folder`, then the folder itself.
  private static func synchronizeTree(_ folder: String, as path: String) throws {
    for name in try FileSystem.namesBelow(folder) {
      try AtomicFile.synchronize("\(folder)/\(name)", as: "\(path)/\(name)")
    }
    try AtomicFile.synchronize(folder, as: path)
  }

  /// Creates a folder and its missing parents.
  /// - Throws: `RunError.cannotWrite` with the system's error message, which Foundation hides.
  package static func makeFolders(_ path: String) throws {
    func make() -> Bool { FilePath.withCString(path) { mkdir($0, 0o777) } == 0 }
    if make() { return }
    let parent = FilePath.folder(path)
    if errno == ENOENT, parent != path, parent != ".", !path.isEmpty {
      try makeFolders(parent)
      if make() { return }
    }
    let code = errno
    if FileSystem.isFolder(path) { return }
    throw RunError.cannotWrite(path: path, reason: String(cString: strerror(code)))
  }

  /// The names in a folder, in no particular order.
  package static func names(in path: String) throws -> [String] { try FileSystem.names(in: path) }
}
