/// A two-dimensional field as read from a file or made by a simulator.
public struct Raster: Sendable, Equatable {
  public var width: Int
  public var height: Int
  /// Row-major, row 0 at the top; NaN where there is no data; in `unit`.
  public var values: [Float]
  /// `nil` if neither the file nor the caller states it.
  public var unit: RasterUnit?
  public var georeference: Georeference?

  public init(
    width: Int, height: Int, values: [Float], unit: RasterUnit? = nil,
    georeference: Georeference? = nil
  ) {
    precondition(values.count == width * height, "a raster holds width x height values")
    self.width = width
    self.height = height
    self.values = values
    self.unit = unit
    self.georeference = georeference
  }
}
