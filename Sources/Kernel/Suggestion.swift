/// Finds the known word that a mistyped one may mean.
package enum Suggestion {
  /// The nearest of `known`, unless none is near: up to a third of the letters may differ, one in
  /// words of up to three letters.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let wanted = folded(word)
    let tolerated = wanted.count < 4 ? 1 : max(2, wanted.count / 3)
    return known.map { (word: $0, distance: editDistance(folded($0), wanted)) }
      .min { $0.distance < $1.distance }
      .flatMap { $0.distance <= tolerated ? $0.word : nil }
  }

  /// `batch_size`, `batch-size` and `batchSize` are treated as equal.
  package static func folded(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "_" && $0 != "-" }
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
