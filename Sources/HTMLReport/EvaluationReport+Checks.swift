import Foundation

extension EvaluationReport {
  /// All inconsistencies that would make the page incomplete.
  func faults() -> [String] {
    var faults: [String] = []
    func check(_ isRight: Bool, _ fault: @autoclosure () -> String) {
      if !isRight { faults.append(fault()) }
    }
    check(
      colorScale.limitCMPerYear > 0 && colorScale.limitCMPerYear.isFinite,
      "colorScale: the limit is \(colorScale.limitCMPerYear)")
    check(
      colorScale.colors.count >= 3 && colorScale.colors.allSatisfy(Self.isColor),
      "colorScale: colors must be three or more of the form #rrggbb")
    check(!sets.isEmpty, "there is no set")
    check(Set(sets.map(\.name)).count == sets.count, "two sets have one name")
    for set in sets {
      let (name, count, side) = (set.name, set.patches.count, set.patches.side)
      let bytes = Data(base64Encoded: set.patches.pixels)?.count
      // No image of a page is that large, and products of larger numbers may overflow.
      guard (1...65_536).contains(side) else {
        faults.append("set \(name): pictures of \(side) pixels a side; there may be 1 to 65536")
        continue
      }
      check(
        bytes == count * side * side,
        "set \(name): \(count) pictures of \(side) pixels a side need \(count * side * side) bytes, "
          + "and there are \(bytes.map(String.init) ?? "none that are base64")")
    }
    func exists(_ patch: Int, of set: Int) -> Bool {
      sets.indices.contains(set) && (0..<sets[set].patches.count).contains(patch)
    }
    for metric in metrics {
      check(
        metric.values.count == sets.count,
        "metric \(metric.name): \(metric.values.count) values for \(sets.count) sets")
      let numbers = (metric.values + [metric.control]).compactMap { $0 }
        .flatMap { [$0.value, $0.low, $0.high].compactMap { $0 } }
      check(
        numbers.allSatisfy(\.isFinite),
        "metric \(metric.name): a value is not finite; leave undefined ones out")
      check(
        (0...12).contains(metric.decimals), "metric \(metric.name): \(metric.decimals) decimals")
    }
    if let embedding {
      check(
        embedding.sets.count == sets.count,
        "embedding: \(embedding.sets.count) lists of points for \(sets.count) sets")
      for (index, points) in embedding.sets.enumerated() {
        check(
          points.x.count == points.y.count && points.x.count == points.patch.count,
          "embedding, set \(index): x, y and patch have different lengths")
        check(
          (points.x + points.y).allSatisfy(\.isFinite),
          "embedding, set \(index): a position is not finite")
        check(
          points.patch.allSatisfy { exists($0, of: index) },
          "embedding, set \(index): a point names a patch that is not there")
      }
      check(
        embedding.overlap.isEmpty
          || (embedding.overlap.count == sets.count
            && embedding.overlap.allSatisfy { $0.count == sets.count && $0.allSatisfy(\.isFinite) }),
        "embedding: overlap must be a finite number for each pair of sets")
    }
    for outlier in outliers {
      check(
        exists(outlier.patch, of: outlier.set) && outlier.score.isFinite,
        "outliers: patch \(outlier.patch) of set \(outlier.set) is not there, or has no score")
    }
    for pair in nearestPairs {
      check(
        exists(pair.patch, of: pair.set) && exists(pair.reference, of: 0),
        "nearestPairs: patch \(pair.patch) of set \(pair.set) or reference \(pair.reference) is "
          + "not there")
    }
    for plot in plots { faults += plot.faults(setCount: sets.count) }
    return faults
  }

  private static func isColor(_ text: String) -> Bool {
    text.utf8.count == 7 && text.first == "#" && text.dropFirst().allSatisfy(\.isHexDigit)
  }
}

extension ReportPlot {
  fileprivate func faults(setCount: Int) -> [String] {
    series.flatMap { series -> [String] in
      var faults: [String] = []
      let points = series.y.count
      let isRight =
        (0..<setCount).contains(series.set) && points >= 1
        && series.x.count == (kind == .histogram ? points + 1 : points)
        && series.low.count == series.high.count
        && (series.low.isEmpty || series.low.count == points)
      if !isRight {
        faults.append(
          "plot \(title): the series of set \(series.set) has lists of lengths that do not fit")
      }
      if !(series.x + series.y + series.low + series.high).allSatisfy(\.isFinite) {
        faults.append(
          "plot \(title): the series of set \(series.set) holds a value that is not finite")
      }
      return faults
    }
  }
}
