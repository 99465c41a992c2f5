import Foundation
import Rasters
import TestSupport
import Testing

@testable import Pictures
@testable import RasterIO

@Suite struct PictureTests {
  #if GDAL
    @Test(arguments: [PNGImage.Channels.gray, .rgb])
    func anIndependentReaderSeesThePixels(channels: PNGImage.Channels) throws {
      let folder = try TemporaryFolder()
      let (width, height) = (29, 17)
      let pixels = (0..<width * height * channels.rawValue).map {
        UInt8(truncatingIfNeeded: $0 &* $0 / 7)
      }
      try PNGImage(width: width, height: height, channels: channels, pixels: pixels).write(
        to: folder.file("a.png"))
      for channel in 0..<channels.rawValue {
        let read = try RasterReader.read(
          folder.file("a.png"), options: .init(band: channel + 1))
        let expected = stride(from: channel, to: pixels.count, by: channels.rawValue).map {
          Float(pixels[$0])
        }
        #expect(read.raster.width == width && read.raster.values == expected)
      }
    }
  #endif

  /// CIE lightness of an sRGB color.
  func lightness(_ color: RGB) -> Double {
    func linear(_ byte: UInt8) -> Double {
      let value = Double(byte) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    let y = 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    return y > 216.0 / 24389 ? 116 * cbrt(y) - 16 : 24389.0 / 27 * y
  }

  @Test func divergingArmsAreEquallyLightAndDarkenOutward() {
    let map = ColorMap.diverging
    for step in 0...50 {
      let value = Float(step) / 50
      let (low, high) = (
        lightness(map.color(-value, limit: 1)), lightness(map.color(value, limit: 1))
      )
      #expect(abs(low - high) < 2, "at \(value): \(low) and \(high)")
    }
    for step in 0..<50 {
      #expect(
        lightness(map.color(Float(step) / 50, limit: 1))
          > lightness(map.color(Float(step + 1) / 50, limit: 1)) - 0.1)
    }
    // Blue below, red above, as color bars of rates have it.
    #expect(map.color(-0.7, limit: 1).blue > map.color(-0.7, limit: 1).red)
    #expect(map.color(0.7, limit: 1).red > map.color(0.7, limit: 1).blue)
  }

  @Test func cyclicMapMeetsItself() {
    let map = ColorMap.cyclic
    #expect(map.color(-.pi, limit: .pi) == map.color(.pi, limit: .pi))
    func distance(_ a: RGB, _ b: RGB) -> Int {
      abs(Int(a.red) - Int(b.red)) + abs(Int(a.green) - Int(b.green))
        + abs(Int(a.blue) - Int(b.blue))
    }
    let steps = zip(map.table, map.table.dropFirst()).map { distance($0, $1) }
    #expect(steps.max()! <= 10)
  }

  @Test func noDataIsGrayAndValuesBeyondTheScaleKeepItsEnds() {
    #expect(ColorMap.diverging.color(.nan, limit: 1) == .noData)
    #expect(ColorMap.cyclic.color(.nan, limit: .pi) == .noData)
    let map = ColorMap.diverging
    #expect(map.color(99, limit: 1) == map.color(1, limit: 1))
    #expect(map.color(-.infinity, limit: 1) == map.color(-1, limit: 1))
    #expect(!ColorMap.diverging.table.contains(.noData))
    #expect(!ColorMap.cyclic.table.contains(.noData))
  }

  @Test(
    arguments: [
      (25, ["-20", "-10", "0", "10", "20"]), (1, ["-1.00", "-0.75", "-0.50", "-0.25", "0"]),
      (1.5, ["-1.5", "-1.0", "-0.5", "0", "0.5"]), (8, ["-8", "-6", "-4", "-2", "0"]),
      (0.02, ["-0.020", "-0.015", "-0.010", "-0.005", "0"]), (2.5, ["-2", "-1", "0", "1", "2"]),
    ] as [(Float, [String])])
  func ticksArePlainNumbers(limit: Float, first: [String]) {
    let scale = ColorScale(map: .diverging, limit: limit, unit: .centimetersPerYear)
    #expect(Array(scale.ticks.map(\.text).prefix(first.count)) == first)
    let values = scale.ticks.map(\.value)
    #expect(values.allSatisfy { abs($0) <= limit * 1.0001 })
    #expect(zip(values, values.reversed()).allSatisfy { $0 == -$1 })
  }

  @Test(
    arguments: [(0, 1), (-3, 1), (0.011, 0.015), (7.1, 8), (99, 100), (25, 25), (26, 30)]
      as [(Float, Float)])
  func limitsAreRoundedUp(value: Float, expected: Float) {
    #expect(abs(ColorScale.roundedUp(value) - expected) < 1e-6)
  }

  @Test func theMapIsDrawnPixelByPixel() throws {
    var raster = sampleRaster(width: 40, height: 30)
    raster.values = raster.values.map { _ in 0 }
    raster.values[5 * 40 + 7] = 100
    raster.values[6 * 40 + 7] = .nan
    let picture = RatePicture.render(raster, limit: 1, colorBar: false)
    let zoom = (picture.width - 32) / 40
    func color(row: Int, column: Int) -> RGB {
      let offset =
        ((16 + row * zoom + zoom / 2) * picture.width + 16 + column * zoom + zoom / 2) * 3
      return RGB(
        picture.pixels[offset], picture.pixels[offset + 1], picture.pixels[offset + 2])
    }
    #expect(color(row: 5, column: 7) == ColorMap.diverging.color(1, limit: 1))
    #expect(color(row: 6, column: 7) == .noData)
    #expect(color(row: 5, column: 8) == ColorMap.diverging.color(0, limit: 1))
  }

  @Test func anyShapeIsDrawn() throws {
    for (width, height) in [(1, 1), (1, 3000), (3000, 1), (2500, 1300), (64, 64)] {
      let raster = Raster(
        width: width, height: height,
        values: (0..<width * height).map { $0 % 3 == 0 ? .nan : Float($0 % 100) }, unit: .radians)
      let picture = RatePicture.render(raster, title: "a title that is longer than the map")
      #expect(picture.width >= 200 && picture.height >= 200)
      _ = try ContactSheet.render([.init(label: "one", patches: [raster])])
    }
    let empty = Raster(width: 2, height: 2, values: .init(repeating: .nan, count: 4))
    #expect(RatePicture.render(empty).width > 0)
    #expect(try ContactSheet.render([]).width > 0)
  }

  @Test func aSheetHasOneScaleAndOneKindOfUnit() throws {
    let rate = sampleRaster()
    let meters = try rate.converted(to: .metersPerYear)
    let sheet = try ContactSheet.render([
      .init(label: "a", patches: [rate]), .init(label: "b", patches: [rate]),
    ])
    let mixed = try ContactSheet.render([
      .init(label: "a", patches: [rate]), .init(label: "b", patches: [meters]),
    ])
    let differing = zip(sheet.pixels, mixed.pixels).count { abs(Int($0) - Int($1)) > 8 }
    #expect(sheet.width == mixed.width && differing == 0)
    #expect(throws: RasterError.self) {
      try ContactSheet.render([
        .init(label: "a", patches: [rate]),
        .init(label: "b", patches: [sampleRaster(unit: .centimeters)]),
      ])
    }
  }
}
