import DurableFiles
import Foundation
import Rasters

/// Limits the memory that a file may request: its header may claim only a multiple of its size.
enum MemoryRule {
  /// Decoded values of up to this many bytes are always accepted.
  static let anyFile = 512 << 20
  /// Beyond that, the largest ratio of decoded bytes to file size, which compression can reach for
  /// measurements.
  static let ratio = 10

  /// Checks that `count` values of `bytesPerValue` bytes may come from a file (and the files that
  /// it names) of `fileBytes` bytes, before memory is allocated.
  /// - Parameters:
  ///   - what: a description for messages, such as `40000 x 40000 pixels`.
  ///   - tool: a program that makes an uncompressed copy, for messages.
  /// - Throws: `RasterError.unsupported`.
  static func check(
    _ counts: [Int], bytesPerValue: Int = 4, what: String, path: String, fileBytes: Int,
    tool: String = "gdal_translate -co COMPRESS=NONE"
  ) throws {
    var bytes = bytesPerValue
    var isSound = true
    for count in counts {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: count)
      if count < 0 || overflow { isSound = false }
      bytes = product
    }
    let (scaled, overflow) = fileBytes.multipliedReportingOverflow(by: ratio)
    guard isSound, bytes <= max(anyFile, overflow ? Int.max : scaled) else {
      let size = isSound ? "\(bytes >> 20) MB" : "more memory than there is"
      throw RasterError.unsupported(
        path: path, reason: "it claims \(what) (\(size)) in \(fileBytes) bytes",
        remedy: "If that is correct, cut out the part that you need or copy it without "
          + "compression: "
          + "\(tool).")
    }
  }
}

/// Sizes of files on disk.
enum FileSizes {
  /// The size in bytes; 0 if the file does not exist.
  static func bytes(_ path: String) -> Int {
    var status = stat()
    return FilePath.withCString(path) { stat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFREG
      ? max(0, Int(status.st_size)) : 0
  }

  /// The size of the file in bytes; for a header or a VRT, including the files beside it.
  static func total(ofRaster path: String) -> Int {
    let own = bytes(path)
    guard path.hasSuffix(".vrt") || path.hasSuffix(".xml") || bytes(path + ".vrt") > 0 else {
      return own
    }
    let folder = FilePath.folder(path)
    let names = (try? FileSystem.names(in: folder)) ?? []
    return names.reduce(own) { sum, name in
      let (result, overflow) = sum.addingReportingOverflow(bytes("\(folder)/\(name)"))
      return overflow ? Int.max / 32 : result
    }
  }
}
