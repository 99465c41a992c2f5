/// A map in the unit of its dataset (rates: cm/yr), row-major, row 0 at the top, NaN where there is no data.
public struct RateGrid: Sendable, Equatable {
  public let width: Int
  public let height: Int
  public var values: [Float]

  public init(width: Int, height: Int, values: [Float]) {
    precondition(values.count == width * height, "a grid holds width x height values")
    self.width = width
    self.height = height
    self.values = values
  }

  /// The fraction of NaN values, 0 to 1.
  public var noDataShare: Double {
    values.isEmpty ? 0 : Double(values.count { $0.isNaN }) / Double(values.count)
  }

  package func fits(side: Int) -> Bool { width >= side && height >= side }

  /// The columns in `range`, all rows.
  func columns(_ range: Range<Int>) -> RateGrid {
    guard range != 0..<width else { return self }
    var cut: [Float] = []
    cut.reserveCapacity(range.count * height)
    for row in 0..<height {
      cut += values[row * width + range.lowerBound..<row * width + range.upperBound]
    }
    return RateGrid(width: range.count, height: height, values: cut)
  }
}

/// A named map of a dataset.
public struct RateScene: Sendable, Equatable {
  public let name: String
  public let grid: RateGrid
  /// Further quantities on the same grid, in the order of the dataset. All maps of a scene have no data
  /// in the same pixels.
  public let companions: [RateGrid]
  /// Whether it is excluded from training, to evaluate a model on unseen ground.
  public let isHeldOut: Bool

  public init(
    name: String, grid: RateGrid, companions: [RateGrid] = [], isHeldOut: Bool = false
  ) {
    precondition(
      companions.allSatisfy { $0.width == grid.width && $0.height == grid.height },
      "all maps of a scene have one size")
    self.name = name
    self.grid = grid
    self.companions = companions
    self.isHeldOut = isHeldOut
  }

  /// The map of each quantity.
  package var channels: [RateGrid] { [grid] + companions }
}
