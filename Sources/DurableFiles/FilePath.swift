import Foundation

/// Paths as text: their components, and their bytes in the file system.
///
/// File names are bytes, and a name that is not UTF-8 cannot be a Swift string. Bytes that are not
/// UTF-8 are represented by private-use characters (similar to Python's `surrogateescape`), and are
/// converted back when a path is passed to the system or a library: see `withCString`. Foundation's
/// `deletingLastPathComponent` is not used: it traps on a path of one character.
package enum FilePath {
  /// The last component: `c.tif` of `/a/b/c.tif` and of `/a/b/c.tif/`.
  package static func name(_ path: String) -> String {
    let path = trimmed(path)
    guard path != "/", let slash = path.utf8.lastIndex(of: separator) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// The folder that contains a path: `/a/b` of `/a/b/c.tif`, `.` of `c.tif`, `/` of `/a`.
  package static func folder(_ path: String) -> String {
    let path = trimmed(path)
    guard let slash = path.utf8.lastIndex(of: separator) else { return "." }
    let before = trimmed(String(path[..<slash]))
    return before.isEmpty ? "/" : before
  }

  /// The path of another file in the same folder.
  package static func sibling(_ path: String, _ name: String) -> String {
    let folder = folder(path)
    switch folder {
    case ".": return name
    case "/": return "/" + name
    default: return "\(folder)/\(name)"
    }
  }

  /// `tif` of `c.tif`; empty for `c`, `c.` and `.tif`.
  package static func fileExtension(_ path: String) -> String {
    let name = name(path)
    return dot(name).map { String(name[name.utf8.index(after: $0)...]) } ?? ""
  }

  /// `a/c` of `a/c.tif`.
  package static func withoutExtension(_ path: String) -> String {
    let path = trimmed(path)
    let ending = fileExtension(path)
    return ending.isEmpty ? path : String(path.dropLast(ending.count + 1))
  }

  /// The path from the root, without `.` and `..`; symbolic links are not followed.
  package static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    let full = path.hasPrefix("/") ? path : "\(currentFolder())/\(path)"
    for part in full.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The path without slashes at its end.
  package static func trimmed(_ path: String) -> String {
    var end = path.utf8.endIndex
    while end > path.utf8.startIndex, path.utf8[path.utf8.index(before: end)] == separator {
      end = path.utf8.index(before: end)
    }
    return end == path.utf8.startIndex && !path.isEmpty ? "/" : String(path[..<end])
  }

  private static let separator = UInt8(ascii: "/")

  /// The position of the dot before an extension; it is neither the first nor the last character of
  /// the name.
  private static func dot(_ name: String) -> String.Index? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex,
      name.utf8.index(after: dot) != name.endIndex
    else { return nil }
    return dot
  }

  private static func currentFolder() -> String {
    guard let folder = getcwd(nil, 0) else { return "" }
    defer { free(folder) }
    return text(folder)
  }
}

extension FilePath {
  /// A byte b that is not UTF-8 is represented by the character U+10FF00 + b of a private-use
  /// plane.
  private static let strayPlane: UInt32 = 0x10FF00

  /// The text of a name that the system returned.
  package static func text(_ bytes: UnsafePointer<CChar>) -> String {
    if let text = String(validatingCString: bytes) { return text }
    var rest = UnsafeRawBufferPointer(start: bytes, count: strlen(bytes))[...]
    var result = String.UnicodeScalarView()
    while let first = rest.first {
      // The longest sequence of up to four bytes that is one character.
      let character = (1...4).lazy.compactMap { count -> (Int, Unicode.Scalar)? in
        guard rest.count >= count, let text = String(validating: rest.prefix(count), as: UTF8.self),
          text.unicodeScalars.count == 1
        else { return nil }
        return (count, text.unicodeScalars.first!)
      }.first
      if let (count, scalar) = character {
        result.append(scalar)
        rest = rest.dropFirst(count)
      } else {
        result.append(Unicode.Scalar(strayPlane + UInt32(first))!)
        rest = rest.dropFirst()
      }
    }
    return String(result)
  }

  /// The bytes of a path in the file system (or of any text that may contain one), without a final
  /// NUL.
  package static func bytes(_ path: String) -> [UInt8] {
    guard hasStrayBytes(path) else { return Array(path.utf8) }
    return path.unicodeScalars.flatMap { scalar -> [UInt8] in
      isStray(scalar) ? [UInt8(scalar.value & 0xff)] : Array(UTF8.encode(scalar)!)
    }
  }

  /// Calls `body` with a path in the form that system calls and C libraries need.
  package static func withCString<Result>(
    _ path: String, _ body: (UnsafePointer<CChar>) throws -> Result
  ) rethrows -> Result {
    guard hasStrayBytes(path) else { return try path.withCString(body) }
    return try (bytes(path) + [0]).withUnsafeBufferPointer { buffer in
      try buffer.withMemoryRebound(to: CChar.self) { try body($0.baseAddress!) }
    }
  }

  private static func hasStrayBytes(_ path: String) -> Bool {
    // All characters of that plane begin with this byte, which is rare in paths.
    path.utf8.contains(0xF4) && path.unicodeScalars.contains(where: isStray)
  }

  private static func isStray(_ scalar: Unicode.Scalar) -> Bool {
    (strayPlane + 0x80...strayPlane + 0xFF).contains(scalar.value)
  }
}
