import Rasters

/// Many maps in one image with one color scale, such as real patches above generated ones.
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
    let unit = groups.lazy.flatMap(\.patches).first?.unit
    let groups = try groups.map { group in
      guard let unit else { return group }
      return Group(
        label: group.label, patches: try group.patches.map { try $0.converted(to: unit) })
    }
    let all = groups.flatMap(\.patches)
    let values = all.flatMap(\.values)
    let scale = ColorScale(for: values, unit: unit, limit: limit)
    let layout = Layout(groups: groups, columns: max(1, columns))

    let margin = 20
    let titleHeight = title == nil ? 0 : BitmapFont.lineHeight * 2 + 20
    let barX = margin + layout.width + 24
    let bodyHeight = max(layout.height, 220)
    let width = max(
      barX + Canvas.colorBarWidth(scale) + margin,
      2 * margin + (title.map { BitmapFont.width(of: $0, scale: 2) } ?? 0))
    var canvas = Canvas(width: width, height: bodyHeight + titleHeight + 2 * margin)
    if let title { canvas.text(title, x: margin, y: margin) }
    let top = margin + titleHeight
    for (group, y) in zip(groups, layout.groupTops) {
      canvas.text(group.label, x: margin, y: top + y)
      for (index, patch) in group.patches.enumerated() {
        let x = margin + index % layout.columns * (layout.cellWidth + Layout.gap)
        let cellTop =
          top + y + Layout.labelHeight
          + index / layout.columns * (layout.cellHeight + Layout.gap)
        let zoom = layout.zoom(of: patch)
        canvas.draw(
          patch, x: x, y: cellTop, zoom: zoom, shrink: layout.shrink, scale: scale)
        canvas.frame(
          x: x, y: cellTop, width: patch.width / layout.shrink * zoom,
          height: patch.height / layout.shrink * zoom, RGB(120, 120, 124))
      }
    }
    // The height of the bar is limited, also beside a tall sheet.
    canvas.colorBar(
      scale, x: barX, y: top, height: min(bodyHeight, 640),
      hasValuesBeyond: values.contains { abs($0) > scale.limit * 1.0001 })
    return canvas.image
  }

  /// The positions of the maps. Cells are as large as the largest map, and about 128 image pixels
  /// or more.
  private struct Layout {
    static let gap = 8
    static let labelHeight = BitmapFont.lineHeight * 2 + 6
    static let groupGap = 18

    let columns: Int
    let shrink: Int
    let cellWidth: Int
    let cellHeight: Int
    private(set) var groupTops = [Int]()
    private(set) var width = 0
    private(set) var height = 0
    private let cellSide: Int

    init(groups: [Group], columns: Int) {
      let all = groups.flatMap(\.patches)
      let longest = max(1, all.map { max($0.width, $0.height) }.max() ?? 1)
      let shortest = max(1, all.map { min($0.width, $0.height) }.min() ?? 1)
      let widestGroup = max(1, groups.map(\.patches.count).max() ?? 1)
      self.columns = min(columns, widestGroup)
      shrink = max(1, min(longest / 256, shortest))
      cellSide = longest / shrink * max(1, 128 / (longest / shrink))
      let side = cellSide
      let reduction = shrink
      func zoomed(_ size: Int, _ patch: Raster) -> Int {
        size / reduction * max(1, side / max(1, max(patch.width, patch.height) / reduction))
      }
      cellWidth = max(1, all.map { zoomed($0.width, $0) }.max() ?? side)
      cellHeight = max(1, all.map { zoomed($0.height, $0) }.max() ?? side)
      var y = 0
      for group in groups {
        groupTops.append(y)
        let lines = (group.patches.count + self.columns - 1) / self.columns
        y += Self.labelHeight + lines * (cellHeight + Self.gap) + Self.groupGap
        width = max(width, BitmapFont.width(of: group.label, scale: 2))
      }
      height = max(1, y - Self.groupGap - Self.gap)
      width = max(width, self.columns * (cellWidth + Self.gap) - Self.gap)
    }

    func zoom(of patch: Raster) -> Int {
      max(1, cellSide / max(1, max(patch.width, patch.height) / shrink))
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
