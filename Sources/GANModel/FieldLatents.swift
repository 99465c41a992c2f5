import Kernel
import TorchCore

/// What a field generator draws from: latents and further input of its first convolution,
/// [N, channels, h, w], and white noise [N, planes, H + 4, W + 4] for an output of H x W pixels if
/// it takes any.
struct FieldInput {
  let grid: Tensor
  let noise: Tensor?

  func to(device: Device) throws -> FieldInput {
    FieldInput(grid: try grid.to(device: device), noise: try noise?.to(device: device))
  }

  /// The same with further channels before those of the grid.
  func after(_ channels: Tensor) throws -> FieldInput {
    FieldInput(grid: try .concatenate([channels, grid], 1), noise: noise)
  }
}

/// Latents of field generators, N(0, 1): each depends only on the seed, the map and its position on
/// the infinite grid, so that parts of a map that are generated separately fit together.
enum FieldLatents {
  static let baseChannels = 24
  static let detailChannels = 16

  /// [1, channels, rows.count, columns.count]; rows and columns may be negative.
  static func grid(
    seed: UInt64, _ stream: RandomStream, map: Int, channels: Int, rows: Range<Int>,
    columns: Range<Int>
  ) throws -> Tensor {
    let plane = rows.count * columns.count
    var values = [Float](repeating: 0, count: channels * plane)
    for (i, row) in rows.enumerated() {
      for (j, column) in columns.enumerated() {
        var random = CounterRandom(
          seed, stream, UInt64(map), UInt64(bitPattern: Int64(row)),
          UInt64(bitPattern: Int64(column)))
        for channel in 0..<channels {
          values[channel * plane + i * columns.count + j] = Float(random.normal())
        }
      }
    }
    return try Tensor(values, shape: [1, channels, rows.count, columns.count])
  }

  /// Pixels of noise around the output on which it depends: two 3 x 3 convolutions follow.
  static let noiseMargin = 2
  /// Pixels of a row whose noise one stream gives.
  private static let noiseRun = 64

  /// White noise for the pixels of a map: [1, planes, rows.count, columns.count].
  static func noise(
    seed: UInt64, _ stream: RandomStream, map: Int, planes: Int, rows: Range<Int>,
    columns: Range<Int>
  ) throws -> Tensor {
    let plane = rows.count * columns.count
    var values = [Float](repeating: 0, count: planes * plane)
    for (i, row) in rows.enumerated() {
      for run in columns.numbers(of: noiseRun) {
        var random = CounterRandom(
          seed, stream, UInt64(map), UInt64(bitPattern: Int64(row)),
          UInt64(bitPattern: Int64(run)))
        for column in run * noiseRun..<(run + 1) * noiseRun {
          for number in 0..<planes {
            let value = Float(random.normal())
            guard columns.contains(column) else { continue }
            values[number * plane + i * columns.count + column - columns.lowerBound] = value
          }
        }
      }
    }
    return try Tensor(values, shape: [1, planes, rows.count, columns.count])
  }

  /// [1, size]; level 0 is the base network, 1 the detail network.
  static func style(
    seed: UInt64, map: Int, level: UInt64, size: Int, region: EndlessRegions.Position? = nil
  ) throws -> Tensor {
    var random = CounterRandom(seed, .fieldStyle, UInt64(map), level)
    if let region {
      random = CounterRandom(
        seed, .fieldRegionStyles, UInt64(map), UInt64(bitPattern: Int64(region.row)),
        UInt64(bitPattern: Int64(region.column)))
    }
    return try Tensor((0..<size).map { _ in Float(random.normal()) }, shape: [1, size])
  }
}
