import Foundation
import Testing

/// Compares `text` with the file `Golden/<name>` beside the calling test file. With
/// `GANINSAR_WRITE_GOLDEN=1` in the environment the file is written instead: review its changes
/// with `git diff`.
public func expectGolden(
  _ text: String, _ name: String, file: StaticString = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let url = URL(fileURLWithPath: "\(file)").deletingLastPathComponent()
    .appendingPathComponent("Golden").appendingPathComponent(name)
  if ProcessInfo.processInfo.environment["GANINSAR_WRITE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return
  }
  let golden = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  guard text != golden else { return }
  let (found, expected) = (lines(text), lines(golden))
  let first = zip(found, expected).firstIndex { $0 != $1 } ?? min(found.count, expected.count)
  func line(_ lines: [Substring]) -> String {
    first < lines.count ? String(lines[first].prefix(300)) : "(the end)"
  }
  Issue.record(
    """
    \(name) differs from line \(first + 1) on:
      golden: \(line(expected))
      found:  \(line(found))
    If that is intended, run the test again with GANINSAR_WRITE_GOLDEN=1 and review the difference.
    """, sourceLocation: sourceLocation)
}

private func lines(_ text: String) -> [Substring] {
  text.split(separator: "\n", omittingEmptySubsequences: false)
}

extension Zip2Sequence {
  fileprivate func firstIndex(
    where isWanted: (Sequence1.Element, Sequence2.Element) -> Bool
  ) -> Int? {
    enumerated().first { isWanted($0.element.0, $0.element.1) }?.offset
  }
}

/// The text with every number of more than `digits` significant digits rounded to them: the last
/// digits depend on the machine's mathematical library.
public func rounded(numbersOf text: String, digits: Int) -> String {
  text.replacing(/-?\d+\.\d+(?:[eE][-+]?\d+)?/) { match in
    let significant = match.output.prefix { $0 != "e" && $0 != "E" }.drop { "-0.".contains($0) }
    guard significant.count(where: \.isNumber) > digits, let value = Double(match.output) else {
      return String(match.output)
    }
    return String(format: "%.\(digits)g", value)
  }
}
