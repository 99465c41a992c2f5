import GANModel
import Kernel
import TorchCore

/// A copy of the averaged generator that is ready to generate samples.
///
/// The averaged running statistics do not match the averaged weights, so they are estimated again
/// by forward passes in training mode, as in BigGAN.
struct SamplingGenerator {
  let generator: Generator
  private let transform: RateTransform

  init(_ trainer: Trainer) throws {
    transform = trainer.transform
    let configuration = trainer.configuration
    generator = try Generator(
      configuration.architecture, mapChannels: transform.quantities.count,
      RandomGenerator(seed: 0, .placeholderWeights))
    try generator.move(to: trainer.device)
    try generator.setRequiresGradient(false)
    try generator.load(try trainer.average.average.state())
    var random = CounterRandom(configuration.seed, .calibrationLatents)
    try withoutGradients {
      // Only batch norm may change; the power iteration of the spectral norms is not updated.
      try generator.setBatchNormTraining(true)
      for _ in 0..<configuration.average.calibrationBatches {
        let latents = try Latents.draw(configuration.batchSize, generator.latentSize, &random)
        _ = try generator(latents.to(device: trainer.device))
      }
    }
    try generator.setTraining(false)
  }

  /// Rate maps in cm/yr, and further quantities in their units, on the CPU: [latents.count, C, S, S].
  func sample(_ latents: Tensor, device: Device, batchSize: Int) throws -> Tensor {
    try withoutGradients {
      let count = latents.shape[0]
      let parts = try stride(from: 0, to: count, by: batchSize).map { start in
        let part = try latents.narrow(0, from: start, length: min(batchSize, count - start))
        return try transform.decode(generator(part.to(device: device))).to(device: .cpu)
      }
      return try .concatenate(parts, 0)
    }
  }
}
