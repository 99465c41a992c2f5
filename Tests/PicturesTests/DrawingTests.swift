import Foundation
import Rasters
import TestSupport
import Testing

@testable import Pictures
@testable import RasterIO

/// What every picture keeps, whichever library draws it.
@Suite struct DrawingTests {
  static var renderers: [PictureRenderer] {
    PictureRenderer.standard == .cairo ? [.cairo, .bitmap] : [.bitmap]
  }

  static func values(_ width: Int, _ height: Int, _ value: (Double) -> Double) -> [Float] {
    (0..<width * height).map { Float(value(Double($0 % width) / Double(width))) }
  }

  static func panel(
    _ width: Int, _ height: Int, kind: MapKind, title: String, meters: Double? = nil
  ) -> MapPanel {
    let raster = Raster(
      width: width, height: height, values: values(width, height) { 9 * sin(7 * $0) + 1 })
    return MapPanel(
      raster: raster, title: title,
      scale: .choice(kind, values: raster.values, unit: kind == .cyclic ? "rad" : "mm/yr"),
      pixelSizeMeters: meters)
  }

  static func color(_ image: PNGImage, _ x: Int, _ y: Int) -> RGB {
    let place = (y * image.width + x) * 3
    return RGB(image.pixels[place], image.pixels[place + 1], image.pixels[place + 2])
  }

  /// Every picture of the module, with texts that are long and scales of every kind.
  static func drawings() throws -> [Drawing] {
    let long = "a/path/that/is/longer/than/the/map/below/it/by/far/and/goes/on.tif"
    let kinds = MapKind.allCases
    let planes = kinds.map { panel(64, 48, kind: $0, title: long).raster.values }
    let layers = ["rate", "wrapped", "topographic_error_of_the_dem", "coherence"]
    return [
      MapGrid([panel(3, 2, kind: .sequential, title: long, meters: 0.1)]).drawing(),
      MapGrid([panel(900, 10, kind: .cyclic, title: "t")], title: long).drawing(),
      MapGrid(
        kinds.indices.map { index in
          panel(
            20 + 300 * index, 200, kind: kinds[index], title: long, meters: [3.7, 90][index % 2])
        }, title: "Four kinds"
      ).drawing(scale: 2),
      LayerSheet(
        layers: layers.map { .init(name: $0, unit: $0 == "coherence" ? "1" : "rad") },
        samples: (0..<3).map { _ in
          .init(label: long + long, width: 64, height: 48, planes: planes)
        }, title: long, pixelSizeMeters: 30
      ).drawing(),
      try ContactSheet.drawing(
        [
          .init(label: long + long, patches: [sampleRaster(), sampleRaster()]),
          .init(label: "below", patches: [sampleRaster()]),
        ], columns: 2, limit: 1, title: long),
      ScatterPicture.drawing(
        (0..<12).map { .init(label: "set \($0)", positions: [0, Float($0), 1, 1]) }, title: long),
    ]
  }

  @Test(arguments: renderers)
  func textsOverlapNeitherEachOtherNorTheEdge(renderer: PictureRenderer) throws {
    try PictureRenderer.$current.withValue(renderer) {
      for (number, drawing) in try Self.drawings().enumerated() {
        let boxes = drawing.textBoxes
        for (index, a) in boxes.enumerated() {
          #expect(
            a.box.x >= 0 && a.box.right <= drawing.width && a.box.y >= 0
              && a.box.bottom <= drawing.height, "\(number): '\(a.text)' leaves the picture")
          for b in boxes[(index + 1)...] {
            #expect(!a.box.overlaps(b.box), "\(number): '\(a.text)' and '\(b.text)'")
          }
        }
      }
    }
  }

  @Test(arguments: renderers)
  func noMapIsCoveredByText(renderer: PictureRenderer) throws {
    try PictureRenderer.$current.withValue(renderer) {
      for (number, drawing) in try Self.drawings().enumerated() {
        let images = drawing.shapes.compactMap { shape -> Drawing.Box? in
          guard case .image(_, let box) = shape else { return nil }
          return box
        }
        for (text, box) in drawing.textBoxes {
          #expect(!images.contains { $0.overlaps(box) }, "\(number): '\(text)' covers a map")
        }
        for (index, box) in images.enumerated() {
          #expect(!images[(index + 1)...].contains { $0.overlaps(box) }, "\(number): two maps")
        }
      }
    }
  }

  @Test(arguments: renderers, [1, 2])
  func mapsKeepTheirPixels(renderer: PictureRenderer, scale: Int) {
    PictureRenderer.$current.withValue(renderer) {
      var raster = Raster(width: 50, height: 40, values: .init(repeating: 0, count: 2000))
      raster.values[7 * 50 + 3] = .nan
      raster.values[8 * 50 + 3] = 5
      raster.values[9 * 50 + 3] = -2.5
      let colors = ColorScale(map: .diverging, limit: 5, unit: .centimetersPerYear)
      let drawing = MapGrid([.init(raster: raster, title: "", scale: colors)], side: 200)
        .drawing(scale: scale)
      let image = drawing.image(scale: scale)
      #expect(image.width == Int(drawing.width) * scale)
      let zoom = 4 * scale
      for (row, expected) in [(7, RGB.noData), (8, colors.color(5)), (9, colors.color(-2.5))] {
        for shift in [0, zoom - 1] {
          let found = Self.color(
            image, 16 * scale + 3 * zoom + shift, 16 * scale + row * zoom + shift)
          #expect(found == expected, "row \(row)")
        }
      }
    }
  }

  @Test(arguments: renderers)
  func aColorBarRunsThroughItsMap(renderer: PictureRenderer) throws {
    PictureRenderer.$current.withValue(renderer) {
      let scale = ColorScale(map: .sequential, range: 0...100, label: "m")
      var drawing = Drawing(width: 120, height: 400)
      drawing.verticalBar(scale, x: 10, y: 10, height: 380, isBelow: false, isAbove: true)
      let image = drawing.image()
      // From the bottom up, the light grows, and both ends are those of the map.
      let colors = (11..<390).map { Self.color(image, 17, 400 - $0) }.filter { $0 != .white }
      let places = colors.compactMap { color in
        ColorMap.sequential.table.firstIndex { $0 == color }
      }
      #expect(places.count > 300)
      #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(places.first == 0 && places.last == 255)
    }
  }

  @Test func ticksLieWhereTheirValuesAre() {
    let scale = ColorScale(map: .diverging, range: -5...5, label: "cm")
    var drawing = Drawing(width: 120, height: 300)
    drawing.verticalBar(scale, x: 0, y: 0, height: 300, isBelow: false, isAbove: false)
    let bar = drawing.shapes.compactMap { shape -> Drawing.Box? in
      guard case .image(_, let box) = shape else { return nil }
      return box
    }[0]
    for (text, box) in drawing.textBoxes where Double(text) != nil {
      let capHeight = 12 * 0.73
      let share = (bar.bottom - (box.y + capHeight / 2)) / bar.height
      #expect(abs(-5 + 10 * share - Double(text)!) < 0.05, "\(text)")
    }
  }

  @Test(arguments: [(10.0, "2 km"), (90, "10 km"), (0.25, "50 m"), (nil, "200 px")])
  func scaleBarsHaveTheirLength(meters: Double?, expected: String) throws {
    var drawing = Drawing(width: 600, height: 30)
    drawing.scaleBar(x: 0, y: 0, mapPixels: 500, width: 500, pixelSizeMeters: meters)
    #expect(drawing.textBoxes.map(\.text) == [expected])
    guard case .fill(let bar, _) = drawing.shapes[0] else { return }
    let number = try #require(Double(expected.split(separator: " ")[0]))
    let length = expected.hasSuffix("km") ? number * 1000 : number
    #expect(abs(bar.width * (meters ?? 1) - length) < (meters ?? 1))
  }

  @Test func longTextsKeepTheirStartAndEnd() {
    let text = Lettering("scenes/very/long/path/velocity.h5, velocity", fitting: 180)
    #expect(text.width <= 180)
    #expect(text.text.hasPrefix("scenes") && text.text.hasSuffix("velocity"))
    #expect(Lettering("short", fitting: 180).text == "short")
  }

  @Test(arguments: renderers)
  func discsHaveSmoothEdges(renderer: PictureRenderer) {
    PictureRenderer.$current.withValue(renderer) {
      let picture = ScatterPicture.drawing([.init(label: "a", positions: [0, 0, 1, 1])], title: "")
        .image()
      #expect(Set((0..<picture.pixels.count / 3).map { picture.pixels[$0 * 3] }).count > 6)
    }
  }
}

@Suite struct PictureFileTests {
  static let drawing = MapGrid([
    DrawingTests.panel(40, 30, kind: .diverging, title: "a < b & \"c\" – 2π", meters: 20)
  ]).drawing()

  #if Cairo
    @Test func svgIsWellFormedAndHoldsItsMap() throws {
      let folder = try TemporaryFolder()
      try PictureFile.write(Self.drawing, to: folder.file("a.svg"))
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("a.svg")))
      let text = String(decoding: data, as: UTF8.self)
      // Tags are closed in the order in which they were opened.
      var open: [Substring] = []
      for match in text.matches(of: /<(\/?)([A-Za-z:]+)[^>]*?(\/?)>/) {
        if !match.1.isEmpty {
          #expect(open.popLast() == match.2)
        } else if match.3.isEmpty {
          open.append(match.2)
        }
      }
      #expect(open.isEmpty)
      #expect(text.contains("<svg") && text.contains("data:image/png;base64,"))
      #expect(text.contains("width=\"\(Int(Self.drawing.width))px\""))
    }

    @Test(arguments: ["svg", "pdf"])
    func theSamePictureGivesTheSameFile(ending: String) throws {
      let folder = try TemporaryFolder()
      let paths = ["a", "b"].map { folder.file("\($0).\(ending)") }
      for path in paths { try PictureFile.write(Self.drawing, to: path) }
      let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(files[0] == files[1] && files[0].count > 1000)
      if ending == "pdf" { #expect(files[0].starts(with: Data("%PDF".utf8))) }
    }
  #endif

  @Test func buildsWithoutCairoWritePNGOnly() throws {
    let folder = try TemporaryFolder()
    try PictureRenderer.$current.withValue(.bitmap) {
      #expect(throws: PictureError.needsCairo(path: "a.svg")) {
        try PictureFile.write(Self.drawing, to: "a.svg")
      }
      try PictureFile.write(Self.drawing, to: folder.file("a.PNG"), scale: 2)
    }
    let image = try PNGImage.read(folder.file("a.PNG"))
    #expect(image.width == Int(Self.drawing.width) * 2)
  }

  @Test func faultsSayWhatToDo() throws {
    #expect(throws: PictureError.unknownEnding(path: "a.gif")) {
      try PictureFile.write(Self.drawing, to: "a.gif")
    }
    let wide = Drawing(width: 40_000, height: 2)
    #expect(throws: PictureError.tooLarge(width: 40_000, height: 2)) {
      try PictureFile.write(wide, to: "a.png")
    }
    // What cairo cannot hold is still an image.
    #expect(wide.image().width == 40_000)
  }
}

@Suite struct ColorChoiceTests {
  @Test func theSequentialMapIsMatplotlibsViridis() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/viridis.txt")
    let published = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      let numbers = $0.split(separator: " ").map { UInt8($0)! }
      return RGB(numbers[0], numbers[1], numbers[2])
    }
    #expect(published.count == 256 && ColorMap.sequential.table == published)
    let lightness = ColorMap.sequential.table.map(PictureTests().lightness)
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 + 0.35 })
    #expect(!ColorMap.sequential.table.contains(.noData))
  }

  @Test func grayRunsFromBlackToWhite() {
    #expect(ColorMap.gray.color(0, in: 0...1) == RGB(0, 0, 0))
    #expect(ColorMap.gray.color(1, in: 0...1) == RGB(255, 255, 255))
  }

  @Test(
    arguments: [
      ("velocity", "mm/yr", [-3, 2, 1], .diverging), ("height.tif", "m", [0, 900], .sequential),
      ("temporalCoherence", nil, [0.1, 0.9], .coherence), ("20200101.cc", nil, [0, 1], .coherence),
      ("accordion", nil, [0, 1], .sequential), ("a.tif", "rad", [-3.1, 3.1], .cyclic),
      ("a.tif", nil, [-3.1, 3.1], .cyclic), ("a.tif", "rad", [-0.5, 0.4], .diverging),
      ("wrapped", "rad", [-0.5, 0.4], .cyclic), ("unwrapped", "rad", [-3.1, 2], .diverging),
      ("a.tif", "rad", [-9, 3], .diverging), ("a.tif", "cm", [-3.1, 3.1], .diverging),
      ("coherence", "1", [-3, 2], .diverging), ("a", nil, [.nan, 0], .diverging),
    ] as [(String, String?, [Float], MapKind)])
  func theMapFitsTheKind(name: String, unit: String?, values: [Float], expected: MapKind) {
    #expect(ColorScale.kind(name: name, unit: unit, values: values) == expected)
  }

  @Test func limitsAreRobust() {
    var values = (0..<10_000).map { Float($0) / 10_000 * 7.3 }
    values[0] = 4e6
    values[1] = .infinity
    values[2] = .nan
    let scale = ColorScale.choice(.sequential, values: values, unit: "m")
    #expect(scale.range == 0...8)
    let high = ColorScale.choice(.sequential, values: [900, 1000, 1100], unit: "m").range
    #expect(high.lowerBound > 800 && high.lowerBound <= 900 && high.upperBound >= 1100)
    #expect(ColorScale.choice(.diverging, values: values.map { -$0 }, unit: "m").range == -8...8)
    // One value, and none.
    #expect(ColorScale.choice(.sequential, values: [5], unit: nil).range.contains(5))
    #expect(ColorScale.choice(.diverging, values: [], unit: nil).range == -1...1)
  }

  @Test func limitsAreParsed() throws {
    #expect(try ColorScale.limits(parsing: "-5:7.5") == -5...7.5)
    #expect(try ColorScale.limits(parsing: "3") == -3...3)
    for text in ["", "5:5", "7:2", "-3", "nan:1", "0:inf", "a:b", "1:2:3"] {
      #expect(throws: PictureError.self, "\(text)") { try ColorScale.limits(parsing: text) }
    }
  }

  @Test(
    arguments: [
      (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (0, 2000, ["0", "500", "1000", "1500", "2000"]),
      (800, 1100, ["800", "900", "1000", "1100"]), (-3, 9, ["-2.5", "0", "2.5", "5.0", "7.5"]),
    ] as [(Float, Float, [String])])
  func ticksOfOneSidedScalesAreRound(low: Float, high: Float, expected: [String]) {
    let scale = ColorScale(map: .sequential, range: low...high, label: "")
    #expect(scale.ticks.map(\.text) == expected)
  }
}
