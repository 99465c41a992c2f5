import Foundation

/// Reads whole files; errors contain the system's message.
package enum InputFile {
  /// All bytes of a file.
  /// - Throws: `RunError.cannotRead`, also for a folder, and for a placeholder such as a Git LFS
  ///   pointer.
  package static func read(_ path: String) throws -> Data {
    var result = Data()
    try readPieces(path) { result.append(contentsOf: $0) }
    let start = Array(result.prefix(ForeignContent.startLength))
    if let pointer = ForeignContent(pointer: start) {
      throw RunError.cannotRead(path: path, reason: "\(pointer.reason). \(pointer.remedy)")
    }
    return result
  }

  /// The bytes of a file, mapped into memory and read on demand.
  /// - Throws: `RunError.cannotRead`, also for a folder.
  package static func map(_ path: String) throws -> Data {
    func failure(_ code: Int32) -> RunError {
      .cannotRead(path: path, reason: String(cString: strerror(code)))
    }
    let file = FileSystem.open(path, O_RDONLY)
    guard file >= 0 else { throw failure(errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure(errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw failure(EISDIR) }
    let count = Int(status.st_size)
    guard count > 0 else { return Data() }
    guard let place = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0), place != MAP_FAILED else {
      throw failure(errno)
    }
    return Data(bytesNoCopy: place, count: count, deallocator: .unmap)
  }

  /// Calls `body` with consecutive pieces of the file.
  package static func readPieces(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void)
    throws
  {
    func failure() -> RunError {
      .cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    let file = FileSystem.open(path, O_RDONLY)
    guard file >= 0 else { throw failure() }
    defer { close(file) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = Glibc.read(file, piece.baseAddress!, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }
}
