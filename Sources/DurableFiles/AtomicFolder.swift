import Foundation

/// Folders that appear whole or not at all.
public enum AtomicFolder {
  /// What to do where the folder exists already (an empty one is always used).
  public enum Existing: Sendable, Equatable {
    /// Throw and leave it as it is.
    case refuse
    /// Replace it when it holds a file of this name, the mark of this program's own output.
    case replace(ifItHolds: String)
  }

  /// Calls `body` with a temporary folder beside `path`, flushes it to disk and renames it.
  ///
  /// Missing parents are made. When `body` throws, the temporary folder is removed and `path` is
  /// untouched. What a killed process left of this output is removed first.
  /// - Throws: `RunError.alreadyExists` and `RunError.inUse` before `body` is called,
  ///   `RunError.cannotWrite`, or what `body` throws.
  public static func write(
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
        path: path, remedy: "It holds no \(mark), so it is not replaced: give another name.")
    }
  }

  /// Gives a finished folder its name. Where one stands there, the two change names at one moment,
  /// so that a kill leaves either the old or the new.
  public static func move(_ temporary: String, to path: String) throws {
    if FileSystem.rename(temporary, to: path) { return }
    guard errno == ENOTEMPTY || errno == EEXIST else { throw AppendedFile.failure(path) }
    if !FileSystem.exchange(temporary, path) {
      // A file system that cannot exchange names: the old folder steps aside for a moment.
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

  /// Makes a folder and its missing parents.
  /// - Throws: `RunError.cannotWrite` with the system's own words, which Foundation hides.
  public static func makeFolders(_ path: String) throws {
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

  /// The names in a folder, in no order.
  public static func names(in path: String) throws -> [String] { try FileSystem.names(in: path) }
}
