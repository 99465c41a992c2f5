import DurableFiles
import Foundation
import Rasters

/// Names of other files inside a file: followed only beneath the folder of the file that names them.
enum FileReference {
  /// Where `name` may lead, seen from `file`: the places that exist.
  ///
  /// A relative name is looked for beside `file` and in the current folder, as HDF5 and GDAL do.
  /// Symbolic links are followed, on both sides, before the places are compared.
  /// - Parameter holder: what names it, such as `the link 'a/b'`.
  /// - Throws: `RasterError.unsupported` where a place lies elsewhere, or is no plain file name.
  static func resolve(_ name: String, namedBy file: String, as holder: String) throws -> [String] {
    func refused(_ why: String) -> RasterError {
      .unsupported(
        path: file, reason: "\(holder) is in '\(name.prefix(200))', \(why)",
        remedy: "Only files beneath the folder of the one that names them are opened: convert it "
          + "to one file (gdal_translate, h5repack).")
    }
    guard !isSpecial(name) else { throw refused("which is not the plain name of a file") }
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

  /// Names to which GDAL or HDF5 give a meaning beyond that of a file.
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
