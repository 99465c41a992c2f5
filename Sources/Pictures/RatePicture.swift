import Rasters

/// Images of one raster.
public enum RatePicture {
  /// The smallest and the largest length of the longer side of a map, in image pixels.
  private static let smallestSide = 560
  private static let largestSide = 1200

  /// Draws a raster with its color bar: phase with the cyclic map, everything else with the
  /// diverging one.
  ///
  /// Missing pixels are gray. Small rasters are enlarged by a whole factor, and large ones are
  /// downsampled. If values lie beyond the scale, the ends of its bar are pointed.
  /// - Parameter limit: the value at the ends of the scale, in the raster's unit; `nil` uses the
  ///   99.5th percentile of |value|, rounded up.
  public static func render(
    _ raster: Raster, limit: Float? = nil, colorBar: Bool = true, title: String? = nil
  ) -> PNGImage {
    let scale = ColorScale(for: raster.values, unit: raster.unit, limit: limit)
    let longest = max(raster.width, raster.height, 1)
    let zoom = max(1, smallestSide / longest)
    let shrink = max(
      1, min((longest + largestSide - 1) / largestSide, raster.width, raster.height))
    let mapWidth = max(1, raster.width / shrink * zoom)
    let mapHeight = max(1, raster.height / shrink * zoom)
    let margin = 20
    let titleHeight = title == nil ? 0 : BitmapFont.lineHeight * 2 + 12
    let bodyHeight = colorBar ? max(mapHeight, 200) : mapHeight
    let barSpace = colorBar ? 24 + Canvas.colorBarWidth(scale) : 0
    let contentWidth = max(
      mapWidth + barSpace, title.map { BitmapFont.width(of: $0, scale: 2) } ?? 0)
    var canvas = Canvas(
      width: contentWidth + 2 * margin, height: bodyHeight + titleHeight + 2 * margin)
    let top = margin + titleHeight
    if let title { canvas.text(title, x: margin, y: margin) }
    canvas.draw(raster, x: margin, y: top, zoom: zoom, shrink: shrink, scale: scale)
    canvas.frame(x: margin, y: top, width: mapWidth, height: mapHeight, .ink)
    if colorBar {
      canvas.colorBar(
        scale, x: margin + mapWidth + 24, y: top, height: bodyHeight,
        hasValuesBeyond: raster.values.contains { abs($0) > scale.limit * 1.0001 })
    }
    return canvas.image
  }
}
