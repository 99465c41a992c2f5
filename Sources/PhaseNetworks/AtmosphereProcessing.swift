import Foundation
import TorchCore

/// Estimates the atmosphere in maps of any size.
package struct AtmosphereProcessor {
  private let file: AtmosphereFile
  /// Sides of windows in pixels, and how far they overlap.
  private let largestSide: Int
  private let largestOverlap: Int
  private let multiple: Int

  /// - Parameter windowPixels: rounded down to what the network takes.
  package init(_ file: AtmosphereFile, windowPixels: Int = 256, overlapPixels: Int = 32) {
    self.file = file
    multiple = file.description.architecture.generator.sizeMultiple
    largestSide = max(multiple, windowPixels / multiple * multiple)
    largestOverlap = max(0, overlapPixels)
  }

  /// The estimated delay, with a mean of 0: the constant of a map is not known.
  ///
  /// Each window loses its own mean before the network sees it, as in training.
  /// - Parameters:
  ///   - centimeters: unwrapped displacements, NaN where there are no data, [height x width].
  ///   - interruption: called before each window; what it throws ends the work.
  /// - Returns: in cm, NaN where there are no data.
  package func estimate(
    centimeters: [Float], width: Int, height: Int, interruption: () throws -> Void = {}
  ) throws -> [Float] {
    precondition(centimeters.count == width * height, "a map holds width x height values")
    let needed = (max(width, height) + multiple - 1) / multiple * multiple
    let side = min(largestSide, needed)
    let windows = OverlappingWindows(
      width: width, height: height, side: side,
      overlap: min(largestOverlap, max(0, side / 2 - 1)))
    var result = [Float](repeating: .nan, count: width * height)
    let scale = file.description.scaleCM
    try withoutGradients {
      try windows.blend(channels: 1) { row, column in
        try interruption()
        var values = [Float](repeating: .nan, count: side * side)
        for y in 0..<min(side, height - row) {
          for x in 0..<min(side, width - column) {
            values[y * side + x] = centimeters[(row + y) * width + column + x]
          }
        }
        let planes = try AtmosphereBatch.planes(
          ofCM: Tensor(values, shape: [1, 1, side, side]).to(device: file.device), scale)
        return try (file.network(planes.values, valid: planes.valid) * scale)
          .to(device: .cpu).contiguous().floats()
      } finish: { row, values in
        for column in 0..<width where centimeters[row * width + column].isFinite {
          result[row * width + column] = values[column]
        }
      }
    }
    let mean = MapStatistics(result).mean
    return result.map { $0 - Float(mean) }
  }
}

/// Mean and spread of the finite values of a map.
struct MapStatistics {
  private(set) var count = 0
  private(set) var mean = 0.0
  /// About the mean.
  private(set) var rms = 0.0

  init(_ values: [Float]) {
    var sum = 0.0
    for value in values where value.isFinite {
      sum += Double(value)
      count += 1
    }
    guard count > 0 else { return }
    mean = sum / Double(count)
    var squares = 0.0
    for value in values where value.isFinite {
      squares += (Double(value) - mean) * (Double(value) - mean)
    }
    rms = (squares / Double(count)).squareRoot()
  }
}
