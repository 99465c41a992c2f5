import DurableFiles
import Foundation
import Settings

/// `stats.jsonl`: one JSON object per line, with keys in the order of declaration.
package final class StatsLog {
  private let file: AppendedFile

  /// Opens `path` for appending, or creates it. An incomplete last line, left by a crash, is
  /// removed.
  /// - Throws: `RunError.cannotRead`, `RunError.cannotWrite`.
  package init(path: String) throws {
    file = try AppendedFile.ofLines(path).file
  }

  /// Opens the log of a run that continues after `step`: lines of later steps are removed, so that
  /// the file is as if the run had never stopped.
  /// - Throws: as `init(path:)`, and `RunError.damagedLine`.
  package convenience init(path: String, resumingAfter step: Int, stepKey: String = "step") throws {
    if let content = try Self.content(path) {
      var kept = Data()
      let lines = content.split(separator: Self.lineFeed, omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() where !line.isEmpty {
        let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        guard let lineStep = (object?[stepKey] as? NSNumber)?.intValue else {
          if index == lines.count - 1 { break }  // incomplete because the run was killed
          throw RunError.damagedLine(
            path: path, line: index + 1, reason: "it is not a JSON object with a '\(stepKey)'")
        }
        // A last line without a line feed may be incomplete.
        if lineStep <= step && index < lines.count - 1 { kept += line + [Self.lineFeed] }
      }
      if kept != content { try AtomicFile.write(kept, to: path) }
    }
    try self.init(path: path)
  }

  /// Adds `values` as one line. Numbers that are not finite become "nan", "inf" and "-inf".
  /// - Throws: `RunError.cannotWrite`; the file then ends with its last complete line.
  package func append(_ values: some Encodable) throws {
    try file.append(Data((ValueTree(encoding: values).json() + "\n").utf8))
  }

  /// All complete lines of a log.
  /// - Throws: `RunError.cannotRead` (also if the file does not exist), `RunError.damagedLine`.
  package static func read<T: Decodable>(_ type: T.Type, from path: String) throws -> [T] {
    let content = try InputFile.read(path)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let whole = content.lastIndex(of: lineFeed).map { content[..<$0] } ?? Data()
    return try whole.split(separator: lineFeed).enumerated().map { index, line in
      do {
        return try decoder.decode(type, from: Data(line))
      } catch {
        throw RunError.damagedLine(path: path, line: index + 1, reason: "\(error)")
      }
    }
  }

  private static let lineFeed = UInt8(ascii: "\n")

  /// `nil` if the file does not exist.
  private static func content(_ path: String) throws -> Data? {
    FileSystem.exists(path) ? try InputFile.read(path) : nil
  }
}
