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
  /// Whether it is excluded from training, to evaluate a model on unseen ground.
  public let isHeldOut: Bool

  public init(name: String, grid: RateGrid, isHeldOut: Bool = false) {
    self.name = name
    self.grid = grid
    self.isHeldOut = isHeldOut
  }
}
