/// How values are distributed over equal bins, as a density.
public struct Histogram: Sendable, Equatable, Codable {
  public let bins: Bins
  /// [bins.count]: share of all values over the bin's width; values beyond the bins are in neither.
  public let density: [Double]
  /// The share of values below and above the bins.
  public let shareBelow: Double
  public let shareAbove: Double

  /// - Throws: `DeformationStatisticsError.noPatches` when there is no value.
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
