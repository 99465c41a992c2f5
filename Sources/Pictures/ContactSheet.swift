import Rasters

/// Many maps in one image with one color scale, such as measured patches above generated ones.
public enum ContactSheet {
  /// Maps under one heading, in as many lines as needed.
  public struct Group: Sendable {
    public var label: String
    public var patches: [Raster]

    public init(label: String, patches: [Raster]) {
      self.label = label
      self.patches = patches
    }
  }

  /// Draws the groups from top to bottom.
  /// - Parameters:
  ///   - columns: number of maps per line.
  ///   - limit: the value at the ends of the color scale, in the first map's unit; `nil` chooses
  ///     it from all values. All maps share the scale, so all must have one unit.
  /// - Throws: `RasterError.cannotConvert` if units are of different kinds.
  public static func render(
    _ groups: [Group], columns: Int = 8, limit: Float? = nil, title: String? = nil
  ) throws -> PNGImage {
    try render(groups, columns: columns, limit: limit, title: title, scale: nil)
  }

  /// - Parameter scale: a color scale in place of the chosen one; `nil` chooses it.
  package static func render(
    _ groups: [Group], columns: Int = 8, limit: Float? = nil, title: String? = nil,
    scale: ColorScale?
  ) throws -> PNGImage {
    try drawing(groups, columns: columns, limit: limit, title: title, scale: scale).image()
  }

  /// As `render`, for files of any format.
  /// - Parameters:
  ///   - scale: a color scale in place of the chosen one.
  ///   - pixelScale: image pixels for each pixel of the picture, which maps fit.
  package static func drawing(
    _ groups: [Group], columns: Int = 8, limit: Float? = nil, title: String? = nil,
    scale given: ColorScale? = nil, pixelScale: Int = 1
  ) throws -> Drawing {
    let unit = groups.lazy.flatMap(\.patches).first?.unit
    let groups = try groups.map { group in
      guard let unit else { return group }
      return Group(
        label: group.label, patches: try group.patches.map { try $0.converted(to: unit) })
    }
    let scale =
      given
      ?? ColorScale(for: groups.flatMap(\.patches).flatMap(\.values), unit: unit, limit: limit)
    let layout = Layout(groups: groups, columns: max(1, columns), pixelScale: pixelScale)

    let margin = 16.0
    let head = Lettering(title ?? "", size: 16, isBold: true)
    let headHeight = head.text.isEmpty ? 0 : 30.0
    let barX = margin + layout.width + 16
    let bodyHeight = max(layout.height, 180)
    let width = max(
      barX + Drawing.verticalBarWidth(scale) + margin, 2 * margin + min(head.width, 600))
    var drawing = Drawing(width: width, height: bodyHeight + headHeight + 2 * margin)
    drawing.text(
      Lettering(head.text, fitting: width - 2 * margin, size: 16, isBold: true), x: margin,
      y: margin + head.capHeight)
    let top = margin + headHeight
    var (isBelow, isAbove) = (false, false)
    for (group, y) in zip(groups, layout.groupTops) {
      let label = Lettering(group.label, fitting: layout.width, size: 13)
      drawing.text(label, x: margin, y: top + y + label.capHeight)
      for (index, patch) in group.patches.enumerated() {
        let size = layout.fit.size(patch.width, patch.height)
        let box = Drawing.Box(
          x: margin + Double(index % layout.columns) * (layout.cellWidth + Layout.gap),
          y: top + y + Layout.labelHeight
            + Double(index / layout.columns) * (layout.cellHeight + Layout.gap),
          width: size.width, height: size.height)
        let image = MapImage(patch, scale: scale, shrink: layout.fit.shrink)
        drawing.add(.image(image.image, box))
        drawing.frame(box)
        isBelow = isBelow || image.isBelow
        isAbove = isAbove || image.isAbove
      }
    }
    // The height of the bar is limited, also beside a tall sheet.
    drawing.verticalBar(
      scale, x: barX, y: top, height: min(bodyHeight, 420), isBelow: isBelow, isAbove: isAbove)
    return drawing
  }

  /// The positions of the maps. Cells are as large as the largest map, and about 128 pixels or more.
  private struct Layout {
    static let gap = 6.0
    static let labelHeight = 20.0
    static let groupGap = 14.0

    let columns: Int
    let fit: MapFit
    let cellWidth: Double
    let cellHeight: Double
    private(set) var groupTops = [Double]()
    private(set) var width = 0.0
    private(set) var height = 0.0

    init(groups: [Group], columns: Int, pixelScale: Int) {
      let all = groups.flatMap(\.patches)
      let longest = max(1, all.map { max($0.width, $0.height) }.max() ?? 1)
      let widestGroup = max(1, groups.map(\.patches.count).max() ?? 1)
      self.columns = min(columns, widestGroup)
      fit = MapFit(longest: longest, side: longest >= 192 ? 256 : 128, scale: pixelScale)
      let sizes = all.map { [fit] in fit.size($0.width, $0.height) }
      cellWidth = max(1, sizes.map(\.width).max() ?? 128)
      cellHeight = max(1, sizes.map(\.height).max() ?? 128)
      var y = 0.0
      for group in groups {
        groupTops.append(y)
        let lines = Double((group.patches.count + self.columns - 1) / self.columns)
        y += Self.labelHeight + lines * (cellHeight + Self.gap) + Self.groupGap
        width = max(width, min(Lettering(group.label, size: 13).width, 420))
      }
      height = max(1, y - Self.groupGap - Self.gap)
      width = max(width, Double(self.columns) * (cellWidth + Self.gap) - Self.gap)
    }
  }
}

extension ContactSheet {
  /// A round limit for the color scale, near the 99th percentile of |rate|, for rasters in cm/yr.
  public static func limitCMPerYear(_ maps: [Raster]) -> Float {
    let magnitudes = maps.flatMap(\.values).filter(\.isFinite).map(abs).sorted()
    guard !magnitudes.isEmpty else { return 15 }
    let high = magnitudes[Int(Double(magnitudes.count - 1) * 0.99)]
    return [1, 2, 5, 10, 15, 25, 50, 100].first { $0 >= high } ?? high
  }
}
