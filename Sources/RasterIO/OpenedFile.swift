import DurableFiles
import Foundation
import Rasters

/// A file, or a part of one such as a member of an archive, opened for reading at any offset, from
/// any thread.
final class OpenedFile: Sendable {
  let path: String
  let byteCount: Int
  private let descriptor: Int32
  /// Where the part starts.
  private let origin: Int

  /// - Parameter part: bytes of the file that are read as if they were all of it.
  /// - Throws: `RasterError.cannotOpen` for a missing file, a folder, an empty file, no permission;
  ///   `.unsupported` for a placeholder, such as a Git LFS pointer or a web page; `.malformed` for a
  ///   part beyond its end.
  init(_ path: String, part: Range<Int>? = nil) throws {
    func fail(_ reason: String, _ remedy: String) -> RasterError {
      .cannotOpen(path: path, reason: reason, remedy: remedy)
    }
    let descriptor = FilePath.withCString(path) { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      if let target = Sidecar.missingTarget(of: path) {
        throw fail(
          "it is a link to \(target), which does not exist",
          target.contains(".git/annex/")
            ? "Fetch it with `git annex get`." : "Restore that file, or name another.")
      }
      throw fail(reason, "Check the path and its permissions.")
    }
    var status = stat()
    fstat(descriptor, &status)
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG, status.st_size > 0 else {
      close(descriptor)
      switch kind {
      case S_IFDIR: throw fail("it is a folder", "Name the raster file inside it.")
      case S_IFREG: throw fail("it is empty (0 bytes)", "Copy or export it again.")
      default: throw fail("it is not a regular file", "Name a raster file.")
      }
    }
    self.path = path
    self.descriptor = descriptor
    let size = Int(status.st_size)
    origin = part?.lowerBound ?? 0
    byteCount = part?.count ?? size
    guard origin >= 0, (part?.upperBound ?? size) <= size else {
      throw RasterError.malformed(path: path, reason: "it ends at byte \(size), within a member")
    }
    var start = [UInt8](repeating: 0, count: min(ForeignContent.startLength, byteCount))
    try start.withUnsafeMutableBytes { try read(into: $0, at: 0) }
    if let foreign = ForeignContent(placeholder: start) {
      throw RasterError.unsupported(path: path, reason: foreign.reason, remedy: foreign.remedy)
    }
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from `offset` on.
  /// - Throws: `RasterError.malformed` if the file is too short or the device fails.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress! + done, buffer.count - done, origin + offset + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason =
          count == 0 ? "it ends at byte \(offset + done)" : String(cString: strerror(errno))
        throw RasterError.malformed(path: path, reason: reason)
      }
      done += count
    }
  }

  func bytes(_ count: Int, at offset: Int) throws -> [UInt8] {
    guard count >= 0, offset >= 0, count <= byteCount - offset else {
      throw RasterError.malformed(
        path: path,
        reason: "byte \(offset + max(0, count)) is needed, and it ends at byte \(byteCount)")
    }
    var result = [UInt8](repeating: 0, count: count)
    try result.withUnsafeMutableBytes { try read(into: $0, at: offset) }
    return result
  }

  /// `count` samples as Float, in the file's order.
  func samples(
    _ count: Int, of type: SampleType, order: ByteOrder, lengths: Bool = false, at offset: Int
  ) throws -> [Float] {
    let (needed, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard count >= 0, offset >= 0, !overflow, needed <= byteCount - offset else {
      throw RasterError.malformed(
        path: path, reason: "\(count) \(type.rawValue) values do not fit in its \(byteCount) bytes")
    }
    // The common case is read directly; the others use a buffer of limited size.
    if type == .float32 && order == .native {
      return try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        try read(
          into: UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[..<needed]),
          at: offset)
        initialized = count
      }
    }
    var result = [Float]()
    result.reserveCapacity(count)
    let chunk = 1 << 20
    var buffer = [UInt8](repeating: 0, count: min(chunk, count) * type.byteCount)
    var done = 0
    while done < count {
      let now = min(chunk, count - done)
      try buffer.withUnsafeMutableBytes { bytes in
        let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(now * type.byteCount)])
        try read(into: part, at: offset + done * type.byteCount)
        type.appendFloats(
          from: UnsafeRawBufferPointer(part), order: order, lengths: lengths, to: &result)
      }
      done += now
    }
    return result
  }
}
