import Rasters

/// Images of one raster.
public enum RatePicture {
  /// Draws a raster with its color bar: phase with the cyclic map, everything else with the
  /// diverging one.
  ///
  /// Missing pixels are gray. Small rasters are enlarged by a whole factor, and large ones are
  /// downsampled. If values lie beyond the scale, the ends of its bar are pointed.
  /// - Parameter limit: the value at the ends of the scale, in the raster's unit; `nil` uses the
  ///   99.5th percentile of |value|, rounded up.
  public static func render(
    _ raster: Raster, limit: Float? = nil, quantity: Quantity = .rate, colorBar: Bool = true,
    title: String? = nil
  ) -> PNGImage {
    let scale =
      quantity == .rate
      ? ColorScale(for: raster.values, unit: raster.unit, limit: limit)
      : ColorScale(quantity, values: raster.values, limit: limit)
    let longest = max(raster.width, raster.height, 1)
    let panel = MapPanel(
      raster: raster, title: title ?? "", scale: scale,
      pixelSizeMeters: raster.georeference?.groundPixelSizeMeters)
    // Up to 1200 pixels, a map is not reduced.
    let grid = MapGrid(
      [panel], columns: 1, side: longest <= 1200 ? max(560, Double(longest)) : 1200,
      hasBars: colorBar)
    return grid.drawing().image()
  }
}
