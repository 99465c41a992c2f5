import TorchCore

let batchNormEpsilon = 1e-5
let batchNormMomentum = 0.1

/// Batch normalization with a learned gain and bias per channel: [N, C, H, W] -> the same shape.
///
/// Training uses the statistics of the batch and updates the running statistics; evaluation uses
/// the running ones.
package final class BatchNorm2d: Layer, TrainingDependent, BatchSynchronized {
  let weight: Parameter
  let bias: Parameter
  let runningMean: Buffer
  let runningVar: Buffer
  package var isTraining = true
  var processes: ProcessGroup?

  package init(channels: Int) throws {
    weight = try Parameter(.ones([channels]))
    bias = try Parameter(.zeros([channels]))
    runningMean = Buffer(try .zeros([channels]))
    runningVar = Buffer(try .ones([channels]))
  }

  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try normalized(
      input, weight: weight.tensor, bias: bias.tensor, runningMean: runningMean.tensor,
      runningVariance: runningVar.tensor, training: isTraining)
  }
}

/// Batch normalization whose gain and shift are functions of the latent: (1 + gain(z)) *
/// normalized(x) + shift(z).
///
/// Source: Chen et al., "On Self Modulation for Generative Adversarial Networks", ICLR 2019.
package final class SelfModulatedBatchNorm2d: Module, TrainingDependent, BatchSynchronized {
  let runningMean: Buffer
  let runningVar: Buffer
  let gain: Sequential
  let shift: Sequential
  package var isTraining = true
  var processes: ProcessGroup?

  package init(channels: Int, latentSize: Int, _ generator: RandomGenerator) throws {
    runningMean = Buffer(try .zeros([channels]))
    runningVar = Buffer(try .ones([channels]))
    gain = try modulation(channels: channels, latentSize: latentSize, generator)
    shift = try modulation(channels: channels, latentSize: latentSize, generator)
  }

  /// Input [N, C, H, W], latents [N, latentSize] -> [N, C, H, W].
  package func callAsFunction(_ input: Tensor, _ latents: Tensor) throws -> Tensor {
    let normalized = try self.normalized(
      input, weight: nil, bias: nil, runningMean: runningMean.tensor,
      runningVariance: runningVar.tensor, training: isTraining)
    let shape = [latents.shape[0], -1, 1, 1]
    let scale = try (gain(latents) + 1).reshape(shape)  // [N, C, 1, 1]
    return try normalized * scale + shift(latents).reshape(shape)
  }
}

/// Linear, ReLU, Linear without bias: latents [N, Z] -> [N, channels].
private func modulation(channels: Int, latentSize: Int, _ generator: RandomGenerator) throws
  -> Sequential
{
  Sequential([
    try Linear(inputFeatures: latentSize, outputFeatures: latentSize, generator), ReLU(),
    try Linear(inputFeatures: latentSize, outputFeatures: channels, hasBias: false, generator),
  ])
}
