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
  /// untouched. A killed process leaves a folder named `<path>.part-…`, which may be deleted.
  /// - Throws: `RunError.alreadyExists` before `body` is called, `RunError.cannotWrite`, or what
  ///   `body` throws.
  public static func write(
    to path: String, existing: Existing = .refuse,
    _ body: (_ temporaryPath: String) throws -> Void
  ) throws {
    let path = trimmed(path)
    try checkExisting(path, existing)
    let temporary = "\(path).part-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    do {
      try makeFolders(temporary)
    } catch RunError.cannotWrite(let place, let reason) where place == temporary {
      throw RunError.cannotWrite(path: path, reason: reason)
    }
    do {
      try body(temporary)
      try synchronizeTree(temporary, as: path)
      try checkExisting(path, existing)
      try move(temporary, to: path)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error
    }
  }

  private static func checkExisting(_ path: String, _ existing: Existing) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
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

  private static func move(_ temporary: String, to path: String) throws {
    if rename(temporary, path) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST else { throw AppendedFile.failure(path) }
    // The old folder stands until the new one has its name.
    let old = "\(path).old-\(getpid())"
    guard rename(path, old) == 0 else { throw AppendedFile.failure(path) }
    guard rename(temporary, path) == 0 else {
      let failure = AppendedFile.failure(path)
      rename(old, path)
      throw failure
    }
    try? FileManager.default.removeItem(atPath: old)
  }

  /// Flushes every file and folder below `folder`, then the folder itself.
  private static func synchronizeTree(_ folder: String, as path: String) throws {
    for name in FileManager.default.enumerator(atPath: folder) ?? .init() {
      try AtomicFile.synchronize("\(folder)/\(name)", as: "\(path)/\(name)")
    }
    try AtomicFile.synchronize(folder, as: path)
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Makes a folder and its missing parents.
  /// - Throws: `RunError.cannotWrite` with the system's own words, which Foundation hides.
  public static func makeFolders(_ path: String) throws {
    if mkdir(path, 0o777) == 0 { return }
    let parent = (path as NSString).deletingLastPathComponent
    if errno == ENOENT, !parent.isEmpty, parent != path {
      try makeFolders(parent)
      if mkdir(path, 0o777) == 0 { return }
    }
    var isFolder: ObjCBool = false
    let code = errno
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      return
    }
    throw RunError.cannotWrite(path: path, reason: String(cString: strerror(code)))
  }

  /// The names in a folder, in no order.
  public static func names(in path: String) throws -> [String] {
    guard let stream = opendir(path) else {
      throw RunError.cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    closedir(stream)
    return try FileManager.default.contentsOfDirectory(atPath: path)
  }
}
