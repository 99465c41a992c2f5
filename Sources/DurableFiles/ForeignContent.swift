import Foundation

/// Files without data, which take the place of the wanted file, such as a Git LFS pointer or a web
/// page.
package struct ForeignContent: Sendable {
  package var reason: String
  package var remedy: String

  /// The number of bytes at the start of a file that `init(placeholder:)` and `init(unrecognized:)`
  /// examine.
  package static let startLength = 512

  /// A pointer of Git LFS or git-annex, in place of a file that was not fetched; `nil` for anything
  /// else.
  package init?(pointer start: [UInt8]) {
    let text = String(decoding: start, as: UTF8.self)
    if text.hasPrefix("version https://git-lfs.github.com/spec/") {
      let size = text.firstMatch(of: /\nsize (\d+)/).map { " of \($0.output.1) bytes" } ?? ""
      reason = "it is a Git LFS pointer; the file\(size) itself was not fetched"
      remedy = "Run `git lfs pull` in its repository."
    } else if text.hasPrefix("/annex/objects/") {
      reason = "it is a git-annex pointer; the file itself was not fetched"
      remedy = "Run `git annex get` in its repository."
    } else {
      return nil
    }
  }

  /// A pointer, a web page or a server's error message; no raster and no model begins like that.
  /// `nil` for anything else.
  package init?(placeholder start: [UInt8]) {
    if let pointer = ForeignContent(pointer: start) {
      self = pointer
      return
    }
    let text = String(decoding: start, as: UTF8.self)
      .trimmingPrefix { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    let body = text.trimmingPrefix(/<\?xml[^>]*\?>\s*/)
    let isPage = ["<!doctype html", "<html", "<head", "<body"].contains { body.hasPrefix($0) }
    let isError =
      body.hasPrefix("<error") || text.hasPrefix("{\"error") || text.hasPrefix("{\"message\"")
      || text.hasPrefix("{\"errors\"") || text.hasPrefix("{\"detail\"")
    guard isPage || isError else { return nil }
    reason = isPage ? "it is a web page (HTML), not a raster" : "it is a server's error message"
    remedy = "Download it again: the server may ask for a login, or the address may be wrong."
  }

  /// An archive or a text, for a file that no reader recognized; `nil` for anything else.
  package init?(unrecognized start: [UInt8], path: String) {
    let archives: [(name: String, mark: [UInt8], offset: Int)] = [
      ("gzip", [0x1f, 0x8b, 0x08], 0), ("zip", Array("PK\u{3}\u{4}".utf8), 0),
      ("bzip2", Array("BZh".utf8), 0), ("xz", [0xfd] + Array("7zXZ\0".utf8), 0),
      ("7-Zip", Array("7z".utf8) + [0xbc, 0xaf, 0x27, 0x1c], 0),
      ("Zstandard", [0x28, 0xb5, 0x2f, 0xfd], 0), ("tar", Array("ustar".utf8), 257),
    ]
    if let archive = archives.first(where: { start.dropFirst($0.offset).starts(with: $0.mark) }) {
      if archive.name == "zip" && path.hasSuffix(".npz") {
        reason = "an .npz file is an archive of arrays"
        remedy = "Save the array itself with numpy.save."
      } else {
        reason = "it is a \(archive.name) archive"
        remedy = "Unpack it and name the raster in it."
      }
      return
    }
    if start.starts(with: Array("CDF".utf8)) {
      reason = "it is a netCDF file without a two-dimensional variable, as GMT's grids once were"
      remedy = "Convert it: gmt grdconvert FILE COPY.grd."
      return
    }
    let isText =
      !start.isEmpty && start.allSatisfy { $0 >= 0x20 && $0 != 0x7f || (9...13).contains($0) }
    guard isText,
      let text = String(validating: start.dropLast(start.count > 500 ? 8 : 0), as: UTF8.self)
    else { return nil }
    let line = text.split(whereSeparator: \.isNewline).first.map { String($0.prefix(40)) } ?? ""
    reason = "it is a text that begins with '\(line)'"
    remedy = "Name a raster file."
  }
}
