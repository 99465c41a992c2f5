import Foundation

/// The files of one input, by their path in its folder, and the one that is passed to the reader
/// (`.` for the folder itself).
struct FuzzCase: Sendable {
  var files: [String: [UInt8]]
  var main: String

  init(_ files: [String: [UInt8]], main: String) {
    self.files = files
    self.main = main
  }

  /// All files in a folder and its subfolders.
  init(folder: String, main: String) throws {
    var files: [String: [UInt8]] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      var isFolder: ObjCBool = false
      let path = "\(folder)/\(name)"
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue, let data = FileManager.default.contents(atPath: path)
      else { continue }
      files[name] = Array(data)
    }
    self.init(files, main: main)
  }

  var byteCount: Int { files.values.reduce(0) { $0 + $1.count } }

  /// Writes all files.
  /// - Returns: the path for the reader.
  func write(to folder: String) throws -> String {
    try? FileManager.default.removeItem(atPath: folder)
    for (name, bytes) in files {
      let path = URL(fileURLWithPath: "\(folder)/\(name)")
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: path)
    }
    return main == "." ? folder : "\(folder)/\(main)"
  }
}

/// A reader of untrusted files.
struct FuzzReader: Sendable {
  let name: String
  /// Valid inputs, from which all others are made; called with an empty folder.
  let seeds: @Sendable (String) throws -> [FuzzCase]
  /// Reads the input; throws this project's errors, or `Finding` if a guarantee is violated.
  let read: @Sendable (String) throws -> Void
  /// Repairs a mutated input so that it passes checks (such as a checksum) that would hide the
  /// rest. Whether at least one of the seeds can be read; false if a valid one would need 90 MB.
  var readsItsSeeds = true
  var mend: (@Sendable (inout FuzzCase) -> Void)?
}

/// A violated guarantee, such as a result with NaN.
struct Finding: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
