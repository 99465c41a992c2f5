import Kernel

/// The Wasserstein-1 distance: the mean distance by which values must be moved to convert one
/// distribution to another. It has the unit of the values.
public enum Wasserstein {
  /// The exact distance between two samples: the area between their distribution functions.
  /// Source: Vallender, Theory of Probability and its Applications 18 (1974).
  /// - Throws: `DeformationStatisticsError.noPatches` if either is empty.
  public static func distance(_ a: [Float], _ b: [Float]) throws -> Double {
    guard !a.isEmpty, !b.isEmpty else {
      throw DeformationStatisticsError.noPatches(set: "a Wasserstein distance")
    }
    let (a, b) = (a.sorted(), b.sorted())
    var (i, j) = (0, 0)
    var sum = 0.0
    var previous = Double(min(a[0], b[0]))
    while i < a.count || j < b.count {
      let nextIsA = j == b.count || (i < a.count && a[i] <= b[j])
      let value = Double(nextIsA ? a[i] : b[j])
      let difference = Double(i) / Double(a.count) - Double(j) / Double(b.count)
      sum += abs(difference) * (value - previous)
      previous = value
      if nextIsA { i += 1 } else { j += 1 }
    }
    return sum
  }

  /// Between two sets of patches whose pixels were counted in the same bins; the interval
  /// resamples the patches of both.
  public static func distance(
    _ a: BinnedPatches, _ b: BinnedPatches, bootstrap: Bootstrap
  ) -> Estimate {
    precondition(a.bins == b.bins, "both sets share their bins")
    let width = a.bins.width
    let value = areaBetween(a.total(), b.total()) * width
    let drawsA = bootstrap.draws(count: a.patchCount, .firstSet)
    let drawsB = bootstrap.draws(count: b.patchCount, .secondSet)
    let resampled = Parallel.map(bootstrap.resamples) { r in
      areaBetween(a.total(weights: drawsA[r]), b.total(weights: drawsB[r])) * width
    }
    return bootstrap.interval(
      around: value, resampled, patchCount: min(a.patchCount, b.patchCount))
  }

  /// In units of a bin. The difference of the distribution functions is linear within a bin.
  private static func areaBetween(_ a: [Double], _ b: [Double]) -> Double {
    let (totalA, totalB) = (a.reduce(0, +), b.reduce(0, +))
    var (sumA, sumB, area, last) = (0.0, 0.0, 0.0, 0.0)
    for k in a.indices {
      sumA += a[k] / totalA
      sumB += b[k] / totalB
      let now = sumA - sumB
      if last * now >= 0 {
        area += (abs(last) + abs(now)) / 2
      } else {
        area += (last * last + now * now) / (2 * (abs(last) + abs(now)))
      }
      last = now
    }
    return area
  }
}
