import Foundation

/// Files read whole, with the system's own words where that fails.
public enum InputFile {
  /// All bytes of a file.
  /// - Throws: `RunError.cannotRead`, for a folder too, and for what stands in place of a file that
  ///   was not fetched, such as a Git LFS pointer.
  public static func read(_ path: String) throws -> Data {
    var result = Data()
    try readPieces(path) { result.append(contentsOf: $0) }
    let start = Array(result.prefix(ForeignContent.startLength))
    if let pointer = ForeignContent(pointer: start) {
      throw RunError.cannotRead(path: path, reason: "\(pointer.reason). \(pointer.remedy)")
    }
    return result
  }

  /// A file's bytes where they lie, read as they are asked for.
  /// - Throws: `RunError.cannotRead`, for a folder too.
  public static func map(_ path: String) throws -> Data {
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

  /// Hands the file to `body` a piece at a time, in order.
  static func readPieces(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
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
