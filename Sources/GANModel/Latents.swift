import Kernel
import TorchCore

/// Latent vectors, N(0, 1), drawn on the CPU, so that they are the same on every device.
package enum Latents {
  /// [count, size], float32.
  package static func draw(_ count: Int, _ size: Int, _ random: inout CounterRandom) throws
    -> Tensor
  {
    let values = (0..<count * size).map { _ in Float(random.normal()) }
    return try Tensor(values, shape: [count, size])
  }

  /// Latent i depends only on the seed and i: [indices.count, size].
  package static func samples(_ indices: Range<Int>, size: Int, seed: UInt64) throws -> Tensor {
    var values: [Float] = []
    values.reserveCapacity(indices.count * size)
    for index in indices {
      var random = CounterRandom(seed, .generatedLatents, UInt64(index))
      for _ in 0..<size { values.append(Float(random.normal())) }
    }
    return try Tensor(values, shape: [indices.count, size])
  }
}
