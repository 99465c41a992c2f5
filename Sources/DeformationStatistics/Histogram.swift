/// A histogram with equal bins, as a density.
public struct Histogram: Sendable, Equatable, Codable {
  public let bins: Bins
  /// [bins.count]: fraction of all values divided by the bin's width; values outside the bins are
  /// not included.
  public let density: [Double]
  /// The fractions of values below and above the bins.
  public let shareBelow: Double
  public let shareAbove: Double

  /// - Throws: `DeformationStatisticsError.noPatches` if there are no values.
  init(_ lists: [[Float]], bins: Bins, set: String) throws {
    var counts = [Int](repeating: 0, count: bins.count)
    var (below, above, total) = (0, 0, 0)
    for list in lists {
      total += list.count
      for value in list {
        if Double(value) < bins.low {
          below += 1
        } else if Double(value) > bins.high {
          above += 1
        } else {
          counts[bins.index(value)] += 1
        }
      }
    }
    guard total > 0 else { throw DeformationStatisticsError.noPatches(set: set) }
    self.bins = bins
    density = counts.map { Double($0) / Double(total) / bins.width }
    shareBelow = Double(below) / Double(total)
    shareAbove = Double(above) / Double(total)
  }
}
