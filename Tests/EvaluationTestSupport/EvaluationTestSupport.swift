import FeatureMetrics
import Foundation
import Kernel
import RasterIO
import TestSupport

/// Features drawn from N(mean, sigma^2), as a function of the seed.
public func normalFeatures(
  _ count: Int, dimension: Int, mean: Double = 0, sigma: Double = 1, seed: UInt64
) -> FeatureSet {
  var random = CounterRandom(seed, .testInput)
  let values = (0..<count * dimension).map { _ in Float(mean + sigma * random.normal()) }
  return FeatureSet(count: count, dimension: dimension, values: values)
}

/// Writes a stack [count, size, size] of smooth waves in cm/yr; returns its path.
public func writeStack(
  _ name: String, count: Int, size: Int = 16, in folder: TemporaryFolder, phase: Float = 0
) throws -> String {
  var values: [Float] = []
  for item in 0..<count {
    for pixel in 0..<size * size {
      let row = Float(pixel / size)
      let column = Float(pixel % size)
      values.append(10 * sinf(row / 3 + Float(item) + phase) * cosf(column / (2 + Float(item % 5))))
    }
  }
  let path = folder.file(name)
  try NpyArray(shape: [count, size, size], values: values).write(to: path)
  return path
}
