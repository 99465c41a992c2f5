import DurableFiles
import Foundation

/// Sidecar files, which have the name of another file and describe it.
public enum Sidecar {
  /// The path itself and, for a symbolic link, its target: sidecars may lie beside either.
  public static func bases(of path: String) -> [String] {
    target(of: path).map { [path, $0] } ?? [path]
  }

  /// The file that a symbolic link finally points to; `nil` for any other file and for a broken
  /// link.
  static func target(of path: String) -> String? {
    var status = stat()
    guard FilePath.withCString(path, { lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFLNK,
      let resolved = FilePath.withCString(path, { realpath($0, nil) })
    else { return nil }
    defer { free(resolved) }
    return FilePath.text(resolved)
  }

  /// The missing target of a broken symbolic link; `nil` for any other file.
  static func missingTarget(of path: String) -> String? {
    var status = stat()
    guard !FileSystem.exists(path), FilePath.withCString(path, { lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFLNK
    else { return nil }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = FilePath.withCString(path) { readlink($0, &buffer, buffer.count - 1) }
    guard count > 0 else { return nil }
    return FilePath.text(buffer)
  }

  /// The path beside which GDAL finds the sidecars: the target, if there are none beside the link.
  static func describedPath(of path: String) -> String {
    guard let target = target(of: path), !hasSidecar(path), hasSidecar(target) else { return path }
    return target
  }

  private static func hasSidecar(_ path: String) -> Bool {
    let stem = FilePath.withoutExtension(path)
    let names =
      [".aux.xml", ".xml", ".vrt", ".hdr", ".ovr", ".msk"].map { path + $0 }
      + [".hdr", ".aux", ".tfw", ".tifw", ".wld", ".prj", ".tab"].map { stem + $0 }
    return names.contains { $0 != path && FileSystem.exists($0) }
  }
}
