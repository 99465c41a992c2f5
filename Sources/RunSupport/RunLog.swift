import DurableFiles
import Foundation
import Logging
import Synchronization

/// Loggers for users: short lines on stderr, dated lines in the run folder's `log.txt`.
package enum RunLog {
  /// A logger that writes to stderr and, if given, also appends to `file`.
  ///
  /// It is passed explicitly; swift-log's global bootstrap is not used.
  /// - Throws: `RunError.cannotWrite` if `file` cannot be opened.
  package static func logger(file: String? = nil, level: Logger.Level = .info) throws -> Logger {
    try logger(file: file, level: level, terminal: .standardError)
  }

  static func logger(
    file: String?, level: Logger.Level = .info, terminal: StatusTerminal
  ) throws -> Logger {
    let handler = RunLogHandler(
      logLevel: level, terminal: terminal,
      file: try file.map { LogFile(try AppendedFile(path: $0)) })
    return Logger(label: "ganinsar") { _ in handler }
  }
}

/// A log file. If it cannot be written, it stops growing with one warning, and the run continues.
private final class LogFile: Sendable {
  private let file: AppendedFile
  private let hasFailed = Atomic<Bool>(false)

  init(_ file: AppendedFile) { self.file = file }

  func append(_ line: String, warningOn terminal: StatusTerminal) {
    do {
      try file.append(Data(line.utf8))
    } catch {
      if !hasFailed.exchange(true, ordering: .relaxed) { terminal.line("warning: \(error)") }
    }
  }
}

private struct RunLogHandler: LogHandler {
  var metadata = Logger.Metadata()
  var logLevel: Logger.Level
  let terminal: StatusTerminal
  let file: LogFile?

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }
      .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    let prefix = event.level >= .warning || event.level <= .debug ? "\(event.level): " : ""
    let text = "\(event.message)\(facts)".printableLines
    if event.level >= Messages.shownLevel { terminal.line("\(prefix)\(text)") }
    let date = Date().formatted(.iso8601)
    file?.append("\(date) \(event.level) \(text)\n", warningOn: terminal)
  }
}
