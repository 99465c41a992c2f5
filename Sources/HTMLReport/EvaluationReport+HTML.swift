import DurableFiles
import Foundation
import Kernel

extension EvaluationReport {
  /// A self-contained HTML page, which needs no network and no other file.
  /// - Throws: `ReportError.inconsistent` with all inconsistencies.
  package func html() throws -> String {
    let faults = faults()
    guard faults.isEmpty else { throw ReportError.inconsistent(faults: faults) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = Self.scriptSafe(try encoder.encode(self))
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; \
      style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>\(Self.escaped(title))</title>
      <style>
      \(PageSource.style)
      </style>
      </head>
      <body>
      <noscript><p>This page draws its tables and pictures with JavaScript, which is off here. The \
      numbers are in metrics.json beside it.</p></noscript>
      <main id="page"></main>
      <script type="application/json" id="results">\(json)</script>
      <script>
      \(PageSource.script)
      </script>
      </body>
      </html>

      """
  }

  /// Writes the page atomically.
  /// - Throws: as `html()`; `RunError.cannotWrite`.
  package func writeHTML(to path: String) throws {
    try AtomicFile.write(Data(try html().utf8), to: path)
  }

  /// Atomically writes the content of the page as JSON, for `read`.
  /// - Throws: `RunError.cannotWrite`.
  package func writeJSON(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try AtomicFile.write(encoder.encode(self), to: path)
  }

  /// Reads results that `writeJSON` wrote.
  /// - Throws: `RunError.cannotRead`; `ReportError.notUnderstood` with the file and the key.
  package static func read(_ path: String) throws -> EvaluationReport {
    let data = try InputFile.read(path)
    do {
      return try JSONDecoder().decode(EvaluationReport.self, from: data)
    } catch let error as DecodingError {
      throw ReportError.notUnderstood(path: path, problem: error.fault)
    }
  }

  /// Escapes JSON for a script element: only "<" can end the element or open a comment.
  private static func scriptSafe(_ json: Data) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(json.count)
    for byte in json {
      if byte == UInt8(ascii: "<") { bytes += Array("\\u003c".utf8) } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Escapes text for HTML. It works on scalars, because "<" with a combining accent is one
  /// character.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.printable.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;".unicodeScalars
      case "<": result += "&lt;".unicodeScalars
      case ">": result += "&gt;".unicodeScalars
      case "\"": result += "&quot;".unicodeScalars
      case "'": result += "&#39;".unicodeScalars
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
