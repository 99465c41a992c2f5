import Foundation
import Kernel

/// The mutual information of two quantities at the same pixels.
///
/// The plug-in estimate of a histogram of `bins` x `bins` bins that hold equally many pixels along each
/// axis, so that only the dependence counts and not the distribution of either quantity, with the
/// correction of Miller (1955) for its bias: (Kx + Ky - Kxy - 1) / (2 n) nats are added for n pixels and K
/// occupied bins. Neighboring pixels are alike, so n counts too many and some bias is left: the control of
/// `ChannelCoupling` shows how much. Equal bins cannot tell more than log2(bins) = 4 bits.
struct MutualInformation {
  static let bins = 16
  /// More pixels than this are thinned out.
  private static let mostPixels = 1 << 20

  /// The bins of the pixels of each map; empty for maps that have no value.
  private let first: [[UInt8]]
  private let second: [[UInt8]]

  /// - Parameter withinMaps: subtracts each map's mean and divides by its standard deviation; maps in which
  ///   either quantity is constant are left out.
  init(_ first: RatePatches, _ second: RatePatches, withinMaps: Bool) {
    let pixels = first.size * first.size
    // An odd step falls on all columns.
    let step = (first.count * pixels + Self.mostPixels - 1) / Self.mostPixels | 1
    self.first = Self.binned(first, step: step, withinMaps)
    self.second = Self.binned(second, step: step, withinMaps)
  }

  private static func binned(_ set: RatePatches, step: Int, _ withinMaps: Bool) -> [[UInt8]] {
    let maps = set.map { patch -> [Float] in
      let values = stride(from: 0, to: patch.count, by: step).map { patch[$0] }
      return withinMaps ? standardized(values) : values
    }
    let sorted = maps.flatMap { $0 }.ascending()
    guard !sorted.isEmpty else { return maps.map { _ in [] } }
    // Equal values fall into one bin.
    let edges = (1..<bins).map { sorted[$0 * sorted.count / bins] }
    return maps.map { values in
      values.map { value in UInt8(edges.count { $0 <= value }) }
    }
  }

  private static func standardized(_ values: [Float]) -> [Float] {
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    let variance =
      values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
    guard variance > 0 else { return [] }
    return values.map { Float((Double($0) - mean) / variance.squareRoot()) }
  }

  /// - Parameter shifts: the second quantity is that of the map so many places on.
  /// - Returns: `nil` if no map has both quantities.
  func bits(shifts: [Int], _ bootstrap: Bootstrap) -> Estimate? {
    let histograms = Parallel.map(first.count) { map -> [Int32] in
      var counts = [Int32](repeating: 0, count: Self.bins * Self.bins)
      for shift in shifts {
        for (a, b) in zip(first[map], second[(map + shift) % second.count]) {
          counts[Int(a) * Self.bins + Int(b)] += 1
        }
      }
      return counts
    }
    func bits(_ weights: [Int32]?) -> Double? {
      var sum = [Double](repeating: 0, count: Self.bins * Self.bins)
      for (map, histogram) in histograms.enumerated() {
        let weight = Double(weights?[map] ?? 1)
        guard weight > 0 else { continue }
        for bin in sum.indices { sum[bin] += weight * Double(histogram[bin]) }
      }
      return Self.bits(sum)
    }
    guard let value = bits(nil) else { return nil }
    return bootstrap.interval(
      around: value, bootstrap.draws(count: first.count, .coupling).compactMap(bits),
      patchCount: first.count)
  }

  /// Of a histogram [bins, bins].
  static func bits(_ joint: [Double]) -> Double? {
    let count = joint.reduce(0, +)
    guard count > 0 else { return nil }
    let rows = (0..<bins).map { row in (0..<bins).reduce(0.0) { $0 + joint[row * bins + $1] } }
    let columns = (0..<bins).map { column in
      (0..<bins).reduce(0.0) { $0 + joint[$1 * bins + column] }
    }
    func entropy(_ counts: [Double]) -> Double {
      counts.reduce(0) { $1 > 0 ? $0 - $1 / count * log($1 / count) : $0 }
    }
    func occupied(_ counts: [Double]) -> Double { Double(counts.count { $0 > 0 }) }
    let plain = entropy(rows) + entropy(columns) - entropy(joint)
    let correction = (occupied(rows) + occupied(columns) - occupied(joint) - 1) / (2 * count)
    return (plain + correction) / log(2)
  }
}
