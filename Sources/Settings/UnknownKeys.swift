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
    let wanted = folded(key)
    let meant =
      nearest(to: key, in: known)
      ?? known.first { $0.count >= 3 && wanted.starts(with: folded($0)) }
    if let meant { return "Did you mean '\(path.isEmpty ? "" : path + ".")\(meant)'?" }
    // A known name in the wrong group.
    let elsewhere = findings.knownKeys.flatMap { group, keys in
      keys.filter { folded($0) == wanted }.map { group.isEmpty ? $0 : "\(group).\($0)" }
    }
    if let match = elsewhere.min() { return "Did you mean '\(match)'?" }
    return "Known here: \(known.joined(separator: ", "))."
  }

  /// The known key that was probably meant.
  static func nearest(to key: String, in known: [String]) -> String? {
    let wanted = folded(key)
    let nearest = known.map { (key: $0, distance: editDistance(folded($0), wanted)) }
      .min { $0.distance < $1.distance }
    let tolerated = wanted.count < 4 ? 1 : max(2, wanted.count / 3)
    return nearest.flatMap { $0.distance <= tolerated ? $0.key : nil }
  }

  /// `batch_size`, `batch-size` and `batchSize` are treated as equal.
  private static func folded(_ key: String) -> [Character] {
    key.lowercased().filter { $0 != "_" && $0 != "-" }
  }

  /// The Levenshtein distance: the smallest number of insertions, deletions and replacements.
  private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var previous = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var row = [i + 1]
      for (j, y) in b.enumerated() {
        row.append(min(previous[j] + (x == y ? 0 : 1), previous[j + 1] + 1, row[j] + 1))
      }
      previous = row
    }
    return previous[b.count]
  }
}
