import DurableFiles
import Foundation
import Rasters

/// References to other files inside a file. They are followed only inside the folder of the file
/// that names them, or below it.
enum FileReference {
  /// The existing paths that `name` in `file` may refer to.
  ///
  /// A relative name is looked up beside `file` and in the current folder, as HDF5 and GDAL do.
  /// Symbolic links in both paths are resolved before they are compared.
  /// - Parameter holder: the element that contains the name, such as `the link 'a/b'`, for
  ///   messages.
  /// - Throws: `RasterError.unsupported` if a path lies outside, or if the name is not a plain file
  ///   name.
  static func resolve(_ name: String, namedBy file: String, as holder: String) throws -> [String] {
    func refused(_ why: String) -> RasterError {
      .unsupported(
        path: file, reason: "\(holder) is in '\(name.prefix(200))', \(why)",
        remedy: "Only files in the folder of the file that names them, or below it, are opened: "
          + "convert it "
          + "to one file (gdal_translate, h5repack).")
    }
    guard !isSpecial(name) else { throw refused("which is not a plain file name") }
    let folder = FilePath.folder(file)
    let roots = [folder, real(file).map(FilePath.folder)].compactMap { $0.flatMap(real) }
    let candidates = name.hasPrefix("/") ? [name] : ["\(folder)/\(name)", name]
    let found = candidates.filter { FileSystem.exists($0) }
    for candidate in found {
      guard let place = real(candidate), roots.contains(where: { place.hasPrefix($0 + "/") }) else {
        throw refused("outside of its folder")
      }
    }
    if found.isEmpty && (name.hasPrefix("/") || name.split(separator: "/").contains("..")) {
      throw refused("outside of its folder")
    }
    return found
  }

  /// Whether GDAL or HDF5 give the name a special meaning.
  private static func isSpecial(_ name: String) -> Bool {
    name.isEmpty || name.hasPrefix("/vsi") || name.contains("://") || name.contains("<")
      || name.contains("%") || name.contains("\"")
      || name.contains { $0.isNewline }
      || name.firstMatch(of: /^[A-Za-z0-9_]{2,}:/) != nil
  }

  private static func real(_ path: String) -> String? {
    guard let result = FilePath.withCString(path, { realpath($0, nil) }) else { return nil }
    defer { free(result) }
    let text = FilePath.text(result)
    return text == "/" ? "" : text
  }
}
