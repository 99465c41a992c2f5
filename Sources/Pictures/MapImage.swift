import Rasters

/// The pixels of a map in colors, reduced by a whole factor where it is large.
struct MapImage {
  let image: PNGImage
  /// Side of a square of the raster that becomes one pixel of the image.
  let shrink: Int
  /// Whether values lie below or above the scale.
  let isBelow: Bool
  let isAbove: Bool

  init(_ raster: Raster, scale: ColorScale, shrink: Int = 1) {
    let shrink = max(1, min(shrink, raster.width, raster.height))
    let (width, height) = (raster.width / shrink, raster.height / shrink)
    var pixels = [UInt8]()
    pixels.reserveCapacity(width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        let value =
          shrink == 1
          ? raster.values[row * raster.width + column]
          : raster.blockValue(row: row, column: column, size: shrink, isCyclic: scale.map.isCyclic)
        let color = scale.color(value)
        pixels.append(color.red)
        pixels.append(color.green)
        pixels.append(color.blue)
      }
    }
    image = PNGImage(width: width, height: height, channels: .rgb, pixels: pixels)
    self.shrink = shrink
    let slack = (scale.range.upperBound - scale.range.lowerBound) * 5e-5
    isBelow = raster.values.contains { $0 < scale.range.lowerBound - slack }
    isAbove = raster.values.contains { $0 > scale.range.upperBound + slack }
  }
}

extension Raster {
  /// The mean of the valid pixels of a block, or the mean angle for phase; NaN if most pixels are
  /// missing.
  fileprivate func blockValue(row: Int, column: Int, size: Int, isCyclic: Bool) -> Float {
    var count = 0
    var sum = (value: Float(0), sine: Float(0), cosine: Float(0))
    for y in row * size..<(row + 1) * size {
      for x in column * size..<(column + 1) * size {
        let value = values[y * width + x]
        guard value.isFinite else { continue }
        count += 1
        sum.value += value
        if isCyclic {
          sum.sine += Phase.sine(value)
          sum.cosine += Phase.cosine(value)
        }
      }
    }
    guard count * 2 >= size * size else { return .nan }
    return isCyclic
      ? Phase.ofComplex(real: sum.cosine, imaginary: sum.sine) : sum.value / Float(count)
  }
}

/// How large maps are drawn: each pixel as a square of whole image pixels, or squares of pixels as
/// one.
struct MapFit {
  let shrink: Int
  /// Picture pixels for one pixel of the reduced map.
  let zoom: Double

  /// - Parameters:
  ///   - longest: the longer side of the map, in pixels.
  ///   - side: the length wanted for it in the picture.
  ///   - scale: image pixels for each pixel of the picture.
  init(longest: Int, side: Double, scale: Int) {
    let target = max(1, Int(side) * scale)
    shrink = max(1, (longest + target - 1) / target)
    let reduced = max(1, longest / shrink)
    zoom = Double(max(1, target / reduced)) / Double(scale)
  }

  /// The size in the picture of a map of `width` x `height` pixels.
  func size(_ width: Int, _ height: Int) -> (width: Double, height: Double) {
    let shrink = max(1, min(shrink, width, height))
    return (Double(width / shrink) * zoom, Double(height / shrink) * zoom)
  }
}
