import Foundation

/// File operations by system calls, for any name, also one that is not UTF-8.
package enum FileSystem {
  /// Whether a file or folder exists; links are followed.
  package static func exists(_ path: String) -> Bool { status(path) != nil }

  /// Whether the name exists, even as a broken link.
  package static func hasEntry(_ path: String) -> Bool {
    var status = stat()
    return FilePath.withCString(path) { lstat($0, &status) } == 0
  }

  package static func isFolder(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// The size of a file in bytes.
  package static func size(_ path: String) -> Int? { status(path).map { Int($0.st_size) } }

  static func status(_ path: String) -> stat? {
    var status = stat()
    return FilePath.withCString(path) { stat($0, &status) } == 0 ? status : nil
  }

  /// The names in a folder, in no particular order.
  /// - Throws: `RunError.cannotRead`.
  package static func names(in path: String) throws -> [String] {
    guard let stream = FilePath.withCString(path, opendir) else {
      throw RunError.cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath.text($0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Names of all files and folders below a folder, relative to it.
  static func namesBelow(_ path: String) throws -> [String] {
    try names(in: path).flatMap { name -> [String] in
      var status = stat()
      let full = "\(path)/\(name)"
      let isFolder =
        FilePath.withCString(full) { lstat($0, &status) } == 0
        && status.st_mode & S_IFMT == S_IFDIR
      return [name] + (isFolder ? try namesBelow(full).map { "\(name)/\($0)" } : [])
    }
  }

  /// Removes a file, or a folder with its content; links are removed, not followed.
  @discardableResult
  package static func remove(_ path: String) -> Bool {
    if FilePath.withCString(path, unlink) == 0 { return true }
    for name in (try? names(in: path)) ?? [] { remove("\(path)/\(name)") }
    return FilePath.withCString(path, rmdir) == 0
  }

  package static func rename(_ path: String, to other: String) -> Bool {
    FilePath.withCString(path) { path in
      FilePath.withCString(other) { Glibc.rename(path, $0) }
    } == 0
  }

  /// Exchanges the names of two files or folders in one system call.
  /// - Returns: whether the file system supports that and the exchange succeeded.
  static func exchange(_ path: String, _ other: String) -> Bool {
    typealias Call =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    // Looked up at run time, because Swift's module of the C library does not include the function.
    guard let symbol = dlsym(nil, "renameat2") else {
      errno = ENOSYS
      return false
    }
    let renameat2 = unsafeBitCast(symbol, to: Call.self)
    let exchange: UInt32 = 2  // RENAME_EXCHANGE
    return FilePath.withCString(path) { path in
      FilePath.withCString(other) { renameat2(AT_FDCWD, path, AT_FDCWD, $0, exchange) }
    } == 0
  }

  /// Opens a file; returns -1 and sets `errno` on failure.
  package static func open(_ path: String, _ flags: Int32, _ mode: mode_t = 0o644) -> Int32 {
    FilePath.withCString(path) { Glibc.open($0, flags | O_CLOEXEC, mode) }
  }
}
