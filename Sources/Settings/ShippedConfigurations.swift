import DurableFiles
import Foundation
import Kernel

/// The configurations that come with the program: `--config small` is `configs/small.yaml`.
package enum ShippedConfigurations {
  package struct Entry: Encodable, Equatable {
    package var name: String
    package var kind: Kind
    /// The first sentence of the file's comment.
    package var summary: String
    package var path: String
  }

  /// The file that `--config` names: a path, or the name of a configuration that ships.
  /// - Throws: `RunError.cannotRead` with the names there are.
  package static func path(
    of given: String, kind: Kind = .configuration,
    executable: String = ShippedFiles.executablePath()
  ) throws -> String {
    let isName = !given.contains("/") && !given.contains(".") && !given.isEmpty
    if !isName || FileSystem.exists(given) && !FileSystem.isFolder(given) { return given }
    if let found = ShippedFiles.find("\(kind.folder)/\(given)\(suffix)", executable: executable) {
      return found
    }
    let names = all(kind, executable: executable).map(\.name)
    let meant = Suggestion.nearest(to: given, among: names).map { "; did you mean '\($0)'?" }
    throw RunError.cannotRead(
      path: given,
      reason: "there is no such file, and no such \(kind.rawValue) comes with the program"
        + (names.isEmpty ? "" : " (\(names.joined(separator: ", "))\(meant ?? ""))"))
  }

  package enum Kind: String, Sendable, Encodable, CaseIterable {
    /// For `--config`.
    case configuration
    /// For `dataset --recipe`.
    case recipe

    package var folder: String { self == .recipe ? "\(folderName)/recipes" : folderName }
  }

  /// All of a kind, in alphabetical order; none where their folder is not found.
  package static func all(
    _ kind: Kind = .configuration, executable: String = ShippedFiles.executablePath()
  ) -> [Entry] {
    for folder in ShippedFiles.places(kind.folder, executable: executable) {
      let names = ((try? FileSystem.names(in: folder)) ?? []).filter { $0.hasSuffix(suffix) }
      if names.isEmpty { continue }
      return names.sorted().map {
        Entry(
          name: String($0.dropLast(suffix.count)), kind: kind, summary: summary("\(folder)/\($0)"),
          path: "\(folder)/\($0)")
      }
    }
    return []
  }

  package static let folderName = "configs"
  private static let suffix = ".yaml"

  private static func summary(_ path: String) -> String {
    guard let data = try? InputFile.read(path) else { return "" }
    let lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let comment = lines.prefix { $0.hasPrefix("#") }
      .map { $0.dropFirst().trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    guard let end = comment.firstRange(of: ". ") else { return comment }
    return String(comment[..<end.lowerBound]) + "."
  }
}
