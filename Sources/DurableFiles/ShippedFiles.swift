import Foundation

/// Files that come with the program: models and configurations.
package enum ShippedFiles {
  /// Where `name` (`models/ganinsar.safetensors`) may lie: in the folders that hold the executable, so
  /// beside it (as installed and in a bundle) or in the checkout above `.build`; and in
  /// `PREFIX/share/ganinsar` above `bin` or `lib/ganinsar`, where packagers put such files.
  package static func places(_ name: String, executable: String = executablePath()) -> [String] {
    let folders = folders(above: executable)
    return folders.map { "\($0)/\(name)" }
      + folders[1...2].map { "\($0)/share/ganinsar/\(name)" }
  }

  /// The first of these places where something exists.
  package static func find(_ name: String, executable: String = executablePath()) -> String? {
    places(name, executable: executable).first { FileSystem.exists($0) }
  }

  /// A built product lies up to four folders below the checkout: `.build/<platform>/release`.
  private static let depth = 4

  private static func folders(above executable: String) -> [String] {
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().path
    return (0..<depth).map { _ in
      folder = FilePath.folder(folder)
      return folder
    }
  }

  /// The running program's own file; what it was called as where the system does not say.
  package static func executablePath() -> String {
    let link = "/proc/self/exe"
    return (try? FileManager.default.destinationOfSymbolicLink(atPath: link))
      ?? CommandLine.arguments.first ?? ""
  }
}
