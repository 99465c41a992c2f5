import Foundation

/// How much each point counts as a neighbour of each other: symmetric, and one in sum.
///
/// p(j|i) is Gaussian over the 3 x perplexity nearest neighbours of i, with the width that gives the
/// distribution the wanted perplexity; p(i, j) = (p(j|i) + p(i|j)) / 2N.
/// Source: van der Maaten and Hinton, JMLR 9 (2008), equations 1 and 2; neighbours alone: van der
/// Maaten, JMLR 15 (2014), section 3.
struct Affinities: Sendable {
  let count: Int
  /// [count + 1]: where the entries of each point begin.
  let starts: [Int32]
  let neighbours: [Int32]
  let values: [Float]

  init(_ nearest: NearestNeighbours, perplexity: Double, threads: Int) {
    let k = nearest.neighbourCount
    let count = nearest.indices.count / k
    var conditional = [Float](repeating: 0, count: count * k)
    conditional.withUnsafeMutableBufferPointer { conditional in
      let conditional = conditional.baseAddress!
      parallelLoop(count, piece: 64, threads: threads) { range in
        for i in range {
          let row = nearest.distances[i * k..<(i + 1) * k].map { Double($0) * Double($0) }
          for (n, share) in Self.shares(squaredDistances: row, perplexity: perplexity).enumerated()
          {
            conditional[i * k + n] = Float(share)
          }
        }
      }
    }
    self.init(symmetric: conditional, nearest.indices, count: count, k)
  }

  /// p(j|i) over neighbours at the given squared distances, sorted and nearest first.
  ///
  /// Where no width fits (more equally near neighbours than the perplexity) it is the closest one.
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
      let excess = log(sum) + precision * weighted / sum - wanted  // entropy, less the wanted one
      if abs(excess) < 1e-8 { break }
      if excess > 0 { low = precision } else { high = precision }
      let next = high.isInfinite ? precision * 2 : (low + high) / 2
      if next == precision || !next.isFinite { break }
      precision = next
    }
    return shares
  }

  /// Adds the transpose and lays the entries out point by point.
  private init(symmetric conditional: [Float], _ indices: [Int32], count: Int, _ k: Int) {
    var rows = [[(Int32, Float)]](repeating: [], count: count)
    for i in rows.indices { rows[i].reserveCapacity(2 * k) }
    for i in 0..<count {
      for n in 0..<k {
        let j = indices[i * k + n]
        rows[i].append((j, conditional[i * k + n]))
        rows[Int(j)].append((Int32(i), conditional[i * k + n]))
      }
    }
    var (starts, neighbours, values) = ([Int32](), [Int32](), [Float]())
    starts.reserveCapacity(count + 1)
    let scale = 1 / Float(2 * count)
    for row in rows {
      starts.append(Int32(neighbours.count))
      // A pair of mutual neighbours is in the list twice. Equal neighbours keep their order: its
      // sum of two is the same either way.
      for (j, value) in row.sorted(by: { $0.0 < $1.0 }) {
        if let last = neighbours.last, last == j, neighbours.count > Int(starts[starts.count - 1]) {
          values[values.count - 1] += value * scale
        } else {
          neighbours.append(j)
          values.append(value * scale)
        }
      }
    }
    starts.append(Int32(neighbours.count))
    (self.count, self.starts, self.neighbours, self.values) = (count, starts, neighbours, values)
  }

  /// The same affinities with point `order[n]` renamed to n.
  func renumbered(_ order: [Int32]) -> Affinities {
    var place = [Int32](repeating: 0, count: count)
    for (n, i) in order.enumerated() { place[Int(i)] = Int32(n) }
    var (starts, neighbours, values) = ([Int32](), [Int32](), [Float]())
    neighbours.reserveCapacity(self.neighbours.count)
    values.reserveCapacity(self.values.count)
    for i in order {
      starts.append(Int32(neighbours.count))
      for n in Int(self.starts[Int(i)])..<Int(self.starts[Int(i) + 1]) {
        neighbours.append(place[Int(self.neighbours[n])])
        values.append(self.values[n])
      }
    }
    starts.append(Int32(neighbours.count))
    return Affinities(
      count: count, starts: starts, neighbours: neighbours, values: values)
  }

  private init(count: Int, starts: [Int32], neighbours: [Int32], values: [Float]) {
    (self.count, self.starts, self.neighbours, self.values) = (count, starts, neighbours, values)
  }
}
