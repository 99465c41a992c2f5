import Foundation

/// Bilinear resampling that ignores no data.
public enum Resampling {
  /// The value at (`x`, `y`), with pixel centers at integer coordinates; the outermost pixels
  /// extend beyond the edge. NaN if valid pixels have less than half of the weight.
  @inline(__always)
  static func bilinear(
    _ values: UnsafeBufferPointer<Float>, width: Int, height: Int, x: Double, y: Double
  ) -> Float {
    let clampedX = min(max(x, 0), Double(width - 1))
    let clampedY = min(max(y, 0), Double(height - 1))
    let left = min(Int(clampedX), max(width - 2, 0))
    let top = min(Int(clampedY), max(height - 2, 0))
    let right = min(left + 1, width - 1)
    let bottom = min(top + 1, height - 1)
    let alongX = Float(clampedX - Double(left))
    let alongY = Float(clampedY - Double(top))
    var sum: Float = 0
    var weights: Float = 0
    func take(_ value: Float, _ weight: Float) {
      if !value.isNaN {
        sum += weight * value
        weights += weight
      }
    }
    take(values[top * width + left], (1 - alongX) * (1 - alongY))
    take(values[top * width + right], alongX * (1 - alongY))
    take(values[bottom * width + left], (1 - alongX) * alongY)
    take(values[bottom * width + right], alongX * alongY)
    return weights >= 0.5 ? sum / weights : .nan
  }

  /// `grid` with `factor` times as many pixels along each axis; values stay in cm/yr.
  public static func upsample(_ grid: RateGrid, factor: Int) -> RateGrid {
    precondition(factor >= 1, "upsampling takes a factor of 1 or more")
    guard factor > 1 else { return grid }
    let width = grid.width * factor
    let height = grid.height * factor
    let scale = 1 / Double(factor)
    let values = grid.values.withUnsafeBufferPointer { source in
      [Float](unsafeUninitializedCapacity: width * height) { output, count in
        for row in 0..<height {
          let y = (Double(row) + 0.5) * scale - 0.5
          for column in 0..<width {
            output[row * width + column] = bilinear(
              source, width: grid.width, height: grid.height,
              x: (Double(column) + 0.5) * scale - 0.5, y: y)
          }
        }
        count = width * height
      }
    }
    return RateGrid(width: width, height: height, values: values)
  }

  /// The window side in pixels that a `side` x `side` patch needs at this zoom and rotation.
  package static func windowSide(side: Int, zoom: Double, rotationRadians: Double) -> Int {
    let spread = abs(cos(rotationRadians)) + abs(sin(rotationRadians))
    return Int((Double(side) / zoom * spread - 1e-9).rounded(.up))
  }

  /// A `side` x `side` patch from the center of a square window, enlarged by `zoom` and rotated.
  package static func zoomAndRotate(
    _ window: [Float], windowSide: Int, side: Int, zoom: Double, rotationRadians: Double
  ) -> [Float] {
    let cosine = cos(rotationRadians) / zoom
    let sine = sin(rotationRadians) / zoom
    let center = Double(windowSide - 1) / 2
    let middle = Double(side - 1) / 2
    return window.withUnsafeBufferPointer { source in
      [Float](unsafeUninitializedCapacity: side * side) { output, count in
        for row in 0..<side {
          let y = Double(row) - middle
          for column in 0..<side {
            let x = Double(column) - middle
            output[row * side + column] = bilinear(
              source, width: windowSide, height: windowSide,
              x: center + cosine * x - sine * y, y: center + sine * x + cosine * y)
          }
        }
        count = side * side
      }
    }
  }
}
