import Rasters

/// A map with its own title and color scale.
package struct MapPanel: Sendable {
  package var raster: Raster
  package var title: String
  package var scale: ColorScale
  /// Width of a pixel on the ground; `nil` if unknown.
  package var pixelSizeMeters: Double?

  package init(raster: Raster, title: String, scale: ColorScale, pixelSizeMeters: Double? = nil) {
    self.raster = raster
    self.title = title
    self.scale = scale
    self.pixelSizeMeters = pixelSizeMeters
  }
}

/// Maps of different kinds in lines, each with its title, color bar and scale bar.
package struct MapGrid: Sendable {
  private let panels: [MapPanel]
  private let columns: Int
  private let side: Double
  private let title: String
  private let hasBars: Bool

  private static let margin = 16.0
  private static let gap = 26.0

  /// - Parameter side: the length of the longer side of a map, which a whole factor may make a
  ///   little shorter; `nil` chooses it by the number of maps.
  package init(
    _ panels: [MapPanel], columns: Int? = nil, side: Double? = nil, title: String = "",
    hasBars: Bool = true
  ) {
    self.panels = panels
    let automatic = panels.count <= 3 ? panels.count : panels.count <= 8 ? 3 : 4
    self.columns = max(1, min(columns ?? automatic, panels.count))
    self.side = side ?? [560, 560, 440, 360, 360][min(4, panels.count)]
    self.title = title
    self.hasBars = hasBars
  }

  private struct Cell {
    let image: MapImage
    let size: (width: Double, height: Double)
    let barWidth: Double
  }

  /// - Parameter scale: image pixels for each pixel of the picture, which maps fit.
  package func drawing(scale: Int = 1) -> Drawing {
    let cells = panels.map { panel in
      let fit = MapFit(
        longest: max(panel.raster.width, panel.raster.height), side: side, scale: scale)
      return Cell(
        image: MapImage(panel.raster, scale: panel.scale, shrink: fit.shrink),
        size: fit.size(panel.raster.width, panel.raster.height),
        barWidth: hasBars ? 12 + Drawing.verticalBarWidth(panel.scale) : 0)
    }
    let hasTitles = panels.contains { !$0.title.isEmpty }
    let titleHeight = hasTitles ? 22.0 : 0
    let widths = (0..<columns).map { column in
      stride(from: column, to: cells.count, by: columns)
        .map { max(cells[$0].size.width, 96) + cells[$0].barWidth }.max() ?? 0
    }
    let lines = stride(from: 0, to: cells.count, by: columns).map {
      $0..<min($0 + columns, cells.count)
    }
    func height(_ cell: Cell) -> Double { hasBars ? max(cell.size.height, 140) : cell.size.height }
    let foot = hasBars ? Drawing.scaleBarHeight + 4 : 0
    let heights = lines.map { line in
      titleHeight + (line.map { height(cells[$0]) }.max() ?? 0) + foot
    }
    let head = Lettering(title, size: 16, isBold: true)
    let headHeight = title.isEmpty ? 0 : 30.0
    let width = max(
      widths.reduce(0, +) + Self.gap * Double(columns - 1), min(head.width, 400),
      columns == 1 ? min(Lettering(panels.first?.title ?? "", size: 13).width, 420) : 0)
    var drawing = Drawing(
      width: 2 * Self.margin + width,
      height: 2 * Self.margin + headHeight + heights.reduce(0, +)
        + 14 * Double(max(0, lines.count - 1)))
    drawing.text(
      Lettering(title, fitting: width, size: 16, isBold: true), x: Self.margin,
      y: Self.margin + head.capHeight)
    var y = Self.margin + headHeight
    for (line, lineHeight) in zip(lines, heights) {
      var x = Self.margin
      for (index, columnWidth) in zip(line, widths) {
        let (panel, cell) = (panels[index], cells[index])
        let heading = Lettering(
          panel.title, fitting: columns == 1 ? width : columnWidth + Self.gap - 10, size: 13)
        drawing.text(heading, x: x, y: y + heading.capHeight)
        let box = Drawing.Box(
          x: x, y: y + titleHeight, width: cell.size.width, height: cell.size.height)
        drawing.add(.image(cell.image.image, box))
        drawing.frame(box)
        if hasBars {
          drawing.verticalBar(
            panel.scale, x: box.right + 12, y: box.y, height: min(height(cell), 480),
            isBelow: cell.image.isBelow, isAbove: cell.image.isAbove)
          drawing.scaleBar(
            x: x, y: box.y + max(box.height, cell.size.height) + 4,
            mapPixels: panel.raster.width, width: max(box.width, 96),
            pixelSizeMeters: panel.pixelSizeMeters)
        }
        x += columnWidth + Self.gap
      }
      y += lineHeight + 14
    }
    return drawing
  }
}
