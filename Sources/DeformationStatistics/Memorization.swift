import Kernel

/// The nearest training item of each generated one; very near ones suggest that a model copies.
public enum Memorization {
  /// A patch and its nearest reference.
  public struct Pair: Sendable, Equatable, Codable {
    public var query: Int
    public var reference: Int
    /// The symmetry of the query for which it is nearest; `nil` for vectors.
    public var symmetry: SquareSymmetry?
    /// Root mean square difference in cm/yr for patches; Euclidean distance for vectors.
    public var distance: Double
  }

  /// Exact nearest references in pixels under the eight symmetries of the square.
  ///
  /// The distance of block means is a lower bound of the distance of pixels, so block means exclude
  /// most candidates; the others are compared pixel by pixel, in order of the bound.
  /// - Parameter excludingSameIndex: for comparing a set with itself, as a control.
  /// - Returns: one pair per query, in order.
  /// - Throws: `DeformationStatisticsError.sizesDiffer`, `.tooFewPatches`.
  public static func nearestPatches(
    of queries: RatePatches, among references: RatePatches, excludingSameIndex: Bool = false
  ) throws -> [Pair] {
    try queries.checkSameSize(as: references)
    try check(references.name, references.count, excludingSameIndex)
    let size = queries.size
    let edge = coarseEdge(size)
    let coarse = references.map { blockMeans($0, size: size, edge: edge) }
    let blockWeight = Double(size / edge * (size / edge)) / Double(size * size)
    return Parallel.map(queries.count) { query in
      var candidates: [(bound: Float, reference: Int32, symmetry: Int8)] = []
      candidates.reserveCapacity(references.count * 8)
      for (number, symmetry) in SquareSymmetry.all.enumerated() {
        let turned = symmetry(queries.patches[query], side: size)
        let means = blockMeans(turned, size: size, edge: edge)
        for reference in 0..<references.count where !(excludingSameIndex && reference == query) {
          let bound = squaredDistance(means, coarse[reference], below: .infinity)
          candidates.append((bound, Int32(reference), Int8(number)))
        }
      }
      candidates.sort {
        ($0.bound, $0.reference, $0.symmetry) < ($1.bound, $1.reference, $1.symmetry)
      }
      var best = Pair(query: query, reference: 0, symmetry: .identity, distance: .infinity)
      var bestSum = Float.infinity
      for candidate in candidates {
        // With a tolerance, because both sums are rounded.
        if Double(candidate.bound) * blockWeight * 0.999 > Double(bestSum) / Double(size * size) {
          break
        }
        let symmetry = SquareSymmetry.all[Int(candidate.symmetry)]
        let turned = symmetry(queries.patches[query], side: size)
        let sum = squaredDistance(
          turned, references.patches[Int(candidate.reference)], below: bestSum)
        guard sum < bestSum else { continue }
        bestSum = sum
        best.reference = Int(candidate.reference)
        best.symmetry = symmetry
        best.distance = (Double(sum) / Double(size * size)).squareRoot()
      }
      return best
    }
  }

  /// Nearest references among vectors, such as features; [N][D] each.
  /// - Throws: `DeformationStatisticsError.invalidSetting` if lengths differ, `.tooFewPatches`.
  public static func nearestVectors(
    of queries: [[Float]], among references: [[Float]], excludingSameIndex: Bool = false
  ) throws -> [Pair] {
    try check("the references", references.count, excludingSameIndex)
    let lengths = Set((queries + references).map(\.count))
    guard lengths.count == 1 else {
      throw DeformationStatisticsError.invalidSetting(
        name: "vectors of", value: "\(lengths.sorted()) numbers",
        remedy: "compute the features of both sets in the same way.")
    }
    let nearest = NearestRows(
      of: queries.flatMap { $0 }, among: references.flatMap { $0 },
      dimension: references[0].count, count: 1, excludesSameIndex: excludingSameIndex)
    return queries.indices.map { query in
      let reference = Int(nearest.indices[query])
      let sum = squaredDistance(queries[query], references[reference], below: .infinity)
      return Pair(
        query: query, reference: reference, symmetry: nil, distance: Double(sum).squareRoot())
    }
  }

  /// The median distance of the pairs divided by that of the control: below 1 if the set is nearer
  /// to the references than they are to each other. `nil` if the control's median is zero.
  public static func medianRatio(_ pairs: [Pair], control: [Pair]) -> Double? {
    func median(_ pairs: [Pair]) -> Double {
      let sorted = pairs.map(\.distance).sorted()
      return sorted.isEmpty ? 0 : Percentile.value(0.5, ofSorted: sorted, rule: .stepped)
    }
    let usual = median(control)
    return usual > 0 && !pairs.isEmpty ? median(pairs) / usual : nil
  }

  private static func check(_ name: String, _ count: Int, _ excludingSameIndex: Bool) throws {
    let needed = excludingSameIndex ? 2 : 1
    guard count >= needed else {
      throw DeformationStatisticsError.tooFewPatches(set: name, count: count, needed: needed)
    }
  }

  /// The largest number of blocks per side, up to 32, that divides the patch evenly.
  static func coarseEdge(_ size: Int) -> Int { (1...32).last { size % $0 == 0 } ?? 1 }

  /// [edge * edge]
  static func blockMeans(_ patch: [Float], size: Int, edge: Int) -> [Float] {
    let block = size / edge
    var means = [Float](repeating: 0, count: edge * edge)
    for row in 0..<size {
      for column in 0..<size {
        means[row / block * edge + column / block] += patch[row * size + column]
      }
    }
    return means.map { $0 / Float(block * block) }
  }

  /// Sum of squared differences; stops early and returns the partial sum once it reaches `below`.
  private static func squaredDistance(_ a: [Float], _ b: [Float], below: Float) -> Float {
    a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        let count = a.count / 4
        var total: Float = 0
        var k = 0
        while k + 8 <= count {
          var lanes = SIMD8<Float>.zero
          let end = min(k + 256, count / 8 * 8)
          while k < end {
            let difference =
              a.loadUnaligned(fromByteOffset: 4 * k, as: SIMD8<Float>.self)
              - b.loadUnaligned(fromByteOffset: 4 * k, as: SIMD8<Float>.self)
            lanes += difference * difference
            k += 8
          }
          total += lanes.sum()
          if total >= below { return total }
        }
        while k < count {
          let difference =
            a.load(fromByteOffset: 4 * k, as: Float.self)
            - b.load(fromByteOffset: 4 * k, as: Float.self)
          total += difference * difference
          k += 1
        }
        return total
      }
    }
  }
}
