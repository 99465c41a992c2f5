import Foundation
import Kernel

/// Symmetric affinities between points (joint probabilities p_ij), with sum 1.
///
/// p(j|i) is Gaussian over the 3 x perplexity nearest neighbors of i, with the width that gives the
/// requested perplexity; p(i, j) = (p(j|i) + p(i|j)) / 2N.
/// Source: van der Maaten and Hinton, JMLR 9 (2008), equations 1 and 2; nearest neighbors only: van
/// der Maaten, JMLR 15 (2014), section 3.
struct Affinities: Sendable {
  let count: Int
  /// The range of entries of each point.
  private(set) var rows: [Range<Int32>]
  private(set) var entries: [Entry]

  struct Entry: Equatable, Sendable {
    var neighbor: Int32 = 0
    var value: Float = 0
  }

  init(_ nearest: NearestNeighbors, perplexity: Double, threads: Int) {
    let k = nearest.neighborCount
    let count = nearest.indices.count / k
    // Space for the neighbors of each point and for the points whose neighbor it is.
    var starts = [Int32](repeating: 0, count: count + 1)
    for j in nearest.indices { starts[Int(j) + 1] += 1 }
    for i in 0..<count { starts[i + 1] += starts[i] + Int32(k) }
    var entries = [Entry](repeating: Entry(), count: Int(starts[count]))
    entries.withUnsafeMutableBufferPointer { entries in
      let entries = entries.baseAddress!
      Parallel.forEach(count, piece: 64, threads: threads) { [starts] range in
        for i in range {
          let row = nearest.distances[i * k..<(i + 1) * k].map { Double($0) * Double($0) }
          let shares = Self.shares(squaredDistances: row, perplexity: perplexity)
          for n in 0..<k {
            entries[Int(starts[i]) + n] = Entry(
              neighbor: nearest.indices[i * k + n], value: Float(shares[n]))
          }
        }
      }
      var ends = (0..<count).map { starts[$0] + Int32(k) }
      for i in 0..<count {
        for n in Int(starts[i])..<Int(starts[i]) + k {
          let j = Int(entries[n].neighbor)
          entries[Int(ends[j])] = Entry(neighbor: Int32(i), value: entries[n].value)
          ends[j] += 1
        }
      }
    }
    Self.addUp(&entries, &starts)
    (self.count, self.entries) = (count, entries)
    rows = (0..<count).map { starts[$0]..<starts[$0 + 1] }
  }

  /// p(j|i) over neighbors at the given squared distances, nearest first.
  ///
  /// If no width gives the perplexity (more equally near neighbors than that), the closest possible
  /// is used.
  static func shares(squaredDistances: [Double], perplexity: Double) -> [Double] {
    let wanted = log(perplexity)
    let nearest = squaredDistances[0]
    let spread = (squaredDistances.reduce(0, +) / Double(squaredDistances.count)) - nearest
    var precision = spread > 0 ? 1 / spread : 1
    var (low, high) = (0.0, Double.infinity)
    var shares = squaredDistances
    for _ in 0..<200 {
      var (sum, weighted) = (0.0, 0.0)
      for (n, distance) in squaredDistances.enumerated() {
        let offset = distance - nearest
        let weight = exp(-offset * precision)
        shares[n] = weight
        sum += weight
        weighted += weight * offset
      }
      for n in shares.indices { shares[n] /= sum }
      let excess = log(sum) + precision * weighted / sum - wanted  // entropy - requested one
      if abs(excess) < 1e-8 { break }
      if excess > 0 { low = precision } else { high = precision }
      let next = high.isInfinite ? precision * 2 : (low + high) / 2
      if next == precision || !next.isFinite { break }
      precision = next
    }
    return shares
  }

  /// Sorts the entries of each point in place, merges the two entries of mutual neighbors, and
  /// normalizes the sum of all to 1.
  private static func addUp(_ entries: inout [Entry], _ starts: inout [Int32]) {
    let count = starts.count - 1
    let scale = 1 / Float(2 * count)
    var filled = 0
    for i in 0..<count {
      let row = Int(starts[i])..<Int(starts[i + 1])
      entries[row].sort { $0.neighbor < $1.neighbor }
      let first = filled
      for n in row {
        let entry = Entry(neighbor: entries[n].neighbor, value: entries[n].value * scale)
        if filled > first, entries[filled - 1].neighbor == entry.neighbor {
          entries[filled - 1].value += entry.value
        } else {
          entries[filled] = entry
          filled += 1
        }
      }
      starts[i] = Int32(first)
    }
    starts[count] = Int32(filled)
    entries.removeLast(entries.count - filled)
  }

  /// Renumbers point `order[n]` to n, without moving entries.
  mutating func renumber(_ order: [Int32]) {
    var place = [Int32](repeating: 0, count: count)
    for (n, i) in order.enumerated() { place[Int(i)] = Int32(n) }
    for n in entries.indices { entries[n].neighbor = place[Int(entries[n].neighbor)] }
    rows = order.map { rows[Int($0)] }
  }

  /// The entries of point `i` as indices of `entries`.
  func row(_ i: Int) -> Range<Int> { Int(rows[i].lowerBound)..<Int(rows[i].upperBound) }
}
