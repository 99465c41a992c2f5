import Kernel

/// Finds unknown keys, and suggests known keys that may have been meant.
enum UnknownKeys {
  static func faults(in tree: ValueTree, _ findings: DecodingFindings) -> [String] {
    faults(in: tree, path: "", findings)
  }

  private static func faults(
    in tree: ValueTree, path: String, _ findings: DecodingFindings
  ) -> [String] {
    var result: [String] = []
    for (index, element) in (tree.elements ?? []).enumerated() {
      result += faults(in: element, path: "\(path)[\(index)]", findings)
    }
    guard let known = findings.knownKeys[path] else { return result }
    for entry in tree.entries ?? [] {
      let fullKey = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      if known.contains(entry.key) {
        result += faults(in: entry.value, path: fullKey, findings)
      } else if !findings.unfinished.contains(path) {
        let hint = hint(for: entry.key, in: path, known, findings)
        result.append("\(entry.keyOrigin): unknown key '\(fullKey)'. \(hint)")
      }
    }
    return result
  }

  private static func hint(
    for key: String, in path: String, _ known: [String], _ findings: DecodingFindings
  ) -> String {
    let meant =
      Suggestion.nearest(to: key, among: known)
      ?? known.first {
        $0.count >= 3 && Suggestion.folded(key).starts(with: Suggestion.folded($0))
      }
    if let meant { return "Did you mean '\(path.isEmpty ? "" : path + ".")\(meant)'?" }
    // A known name in the wrong group.
    let elsewhere = findings.knownKeys.flatMap { group, keys in
      keys.filter { Suggestion.folded($0) == Suggestion.folded(key) }.map {
        group.isEmpty ? $0 : "\(group).\($0)"
      }
    }
    if let match = elsewhere.min() { return "Did you mean '\(match)'?" }
    return "Known here: \(known.joined(separator: ", "))."
  }
}
