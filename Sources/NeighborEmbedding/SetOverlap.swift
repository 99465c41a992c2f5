/// Measures how well sets of points in one embedding are mixed.
///
/// For each point, the fraction of its k nearest neighbors that belong to the other set is divided
/// by the fraction expected by chance: 1 if both sets have the same distribution, 0 if no point has
/// a neighbor of the other set. Both sets have the same weight, whatever their numbers of points.
/// Source: the nearest-neighbor coincidences of Schilling, JASA 81 (1986), normalized.
public struct SetOverlap: Sendable, Equatable, Codable {
  /// [sets][sets]: mixing of each pair; 1 on the diagonal.
  public let mixing: [[Double]]
  public let neighborCount: Int

  /// - Parameters:
  ///   - positions: [2 * N], as `TSNE.Embedding.positions`.
  ///   - sets: [N]: the index of each point's set, from 0.
  /// - Throws: `TSNEError.invalidSets` unless every set has more than `neighborCount` points.
  public init(
    positions: [Float], sets: [Int], neighborCount: Int = 10, threads: Int = 1
  ) throws {
    guard neighborCount >= 1 else {
      throw TSNEError.invalidSetting(
        name: "neighbors", value: "\(neighborCount)", remedy: "give 1 or more.")
    }
    guard positions.count == 2 * sets.count, let largest = sets.max(), sets.allSatisfy({ $0 >= 0 })
    else {
      throw TSNEError.invalidSets(
        problem: "\(positions.count / 2) points do not match \(sets.count) set numbers",
        remedy: "Give the set of every point, numbered from 0.")
    }
    let setCount = largest + 1
    let members = (0..<setCount).map { set in sets.indices.filter { sets[$0] == set } }
    if let small = members.firstIndex(where: { $0.count <= neighborCount }) {
      throw TSNEError.invalidSets(
        problem: "set \(small) has \(members[small].count) points, and \(neighborCount) "
          + "neighbors were requested",
        remedy: "Give every set more than \(neighborCount) points.")
    }
    var mixing = (0..<setCount).map { a in (0..<setCount).map { a == $0 ? 1.0 : 0.0 } }
    for a in 0..<setCount {
      for b in a + 1..<max(a + 1, setCount) {
        let chosen = members[a] + members[b]
        let points = try PointMatrix(
          chosen.flatMap { [positions[2 * $0], positions[2 * $0 + 1]] }, count: chosen.count,
          dimension: 2)
        let nearest = try NearestNeighbors(
          within: points, count: neighborCount, threads: threads)
        mixing[a][b] = Self.mixing(nearest, firstSet: members[a].count, of: chosen.count)
        mixing[b][a] = mixing[a][b]
      }
    }
    self.mixing = mixing
    self.neighborCount = neighborCount
  }

  /// The mixing of the first `firstSet` points with the rest.
  private static func mixing(_ nearest: NearestNeighbors, firstSet: Int, of count: Int) -> Double {
    let k = nearest.neighborCount
    var foreign = [0, 0]
    for i in 0..<count {
      for n in 0..<k {
        let isFirst = nearest.indices[i * k + n] < firstSet
        if isFirst != (i < firstSet) { foreign[i < firstSet ? 0 : 1] += 1 }
      }
    }
    let sizes = [firstSet, count - firstSet]
    let ratios = (0..<2).map { set in
      let share = Double(foreign[set]) / Double(sizes[set] * k)
      let byChance = Double(sizes[1 - set]) / Double(count - 1)
      return share / byChance
    }
    return (ratios[0] + ratios[1]) / 2
  }
}
