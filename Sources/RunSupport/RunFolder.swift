import DurableFiles
import Foundation
import Settings

/// A numbered folder with all files of one run: `runs/00003-small/`.
public struct RunFolder: Sendable, Equatable {
  public let path: String
  /// The number at the start of its name.
  public let number: Int

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  public var logFile: String { file("log.txt") }
  public var statsFile: String { file("stats.jsonl") }
  public var configurationFile: String { file("config.yaml") }

  /// Creates the next folder in `root` and writes the resolved configuration into it, as
  /// `config.yaml` and `config.json`.
  ///
  /// `root` is created if it is missing. In `name`, characters other than letters, digits, `-`, `_`
  /// and `.` become `-`. Processes that start at the same time get different numbers.
  /// - Throws: `RunError.cannotWrite`; then no new folder remains.
  public static func create(
    in root: String, name: String, configuration: some Encodable
  ) throws -> RunFolder {
    let yaml = try ConfigurationOverlay.yaml(of: configuration)
    let json = try OrderedJSON.text(of: configuration)
    try AtomicFolder.makeFolders(root)
    let folder = try claim(in: root, name: name)
    do {
      try AtomicFile.write(Data(yaml.utf8), to: folder.configurationFile)
      try AtomicFile.write(Data(json.utf8), to: folder.file("config.json"))
    } catch {
      FileSystem.remove(folder.path)
      throw error
    }
    return folder
  }

  /// Checks that run folders can be created in `root`, which need not exist yet.
  /// - Throws: `RunError.cannotWrite`.
  public static func checkRoot(_ root: String) throws {
    var place = FilePath.trimmed(root)
    while !FileSystem.exists(place), FilePath.folder(place) != place {
      place = FilePath.folder(place)
    }
    guard FilePath.withCString(place, { access($0, W_OK | X_OK) }) == 0 else {
      throw AppendedFile.failure(root)
    }
    guard FileSystem.isFolder(place) else {
      throw RunError.cannotWrite(path: root, reason: "\(place) is a file")
    }
  }

  /// Opens the folder of an earlier run.
  /// - Throws: `RunError.notARunFolder` if it is missing or contains no configuration.
  public static func open(_ path: String) throws -> RunFolder {
    let full = FilePath.absolute(path)
    guard let number = leadingNumber(FilePath.name(full)) else {
      throw RunError.notARunFolder(path: path, reason: "its name does not start with a number")
    }
    let folder = RunFolder(path: full, number: number)
    guard FileSystem.exists(folder.configurationFile) else {
      throw RunError.notARunFolder(path: path, reason: "it contains no config.yaml")
    }
    return folder
  }

  private static func claim(in root: String, name: String) throws -> RunFolder {
    // The lock prevents two runs of different names from using the same number. On a file system
    // without locks, mkdir still gives each run its own folder.
    let descriptor = FileSystem.open(root, O_RDONLY | O_DIRECTORY)
    defer { if descriptor >= 0 { close(descriptor) } }
    if descriptor >= 0 { flock(descriptor, LOCK_EX) }

    var number = (try existingNumbers(in: root).max() ?? -1) + 1
    while true {
      let path = "\(root)/\(number.zeroPadded(5))-\(safe(name))"
      if FilePath.withCString(path, { mkdir($0, 0o777) }) == 0 {
        return RunFolder(path: path, number: number)
      }
      guard errno == EEXIST else { throw AppendedFile.failure(path) }
      number += 1
    }
  }

  private static func existingNumbers(in root: String) throws -> [Int] {
    try AtomicFolder.names(in: root).compactMap(leadingNumber)
  }

  private static func leadingNumber(_ name: String) -> Int? {
    let digits = name.prefix { ("0"..."9").contains($0) }
    return digits.count >= 5 && name.dropFirst(digits.count).first == "-" ? Int(digits) : nil
  }

  private static func safe(_ name: String) -> String {
    String(
      name.map { character in
        let isSafe =
          character.isASCII
          && (character.isLetter || character.isNumber || "-_.".contains(character))
        return isSafe ? character : "-"
      })
  }
}
