import Datasets
import Foundation
import GANTraining
import TorchCore
import TorchNN

extension TrainingBenchmark {
  /// Writes everything that another implementation needs to repeat the first two iterations, and
  /// their losses.
  ///
  /// Tensors: the initial states of the networks as `generator.*` and `discriminator.*`; `real` [2,
  /// N, 1, S, S], the real patches as input of the discriminator; `losses` [2, 2], discriminator
  /// and generator. Random numbers depend only on the seed (`CounterRandom`, stream 1 and
  /// iteration). The losses of the second iteration depend on every update of the first.
  /// - Parameter cutMix: the probability, 0 or 1.
  /// - Throws: the errors of training and writing.
  static func saveFirstIterations(
    _ configuration: TrainingConfiguration, dataset: RateDataset, cutMix: Double, to path: String
  ) throws {
    var configuration = configuration
    configuration.cutMix.probability = cutMix
    configuration.cutMix.warmUpEpochs = 0
    let trainer = try Trainer(configuration: configuration, dataset: dataset)
    var tensors: [String: Tensor] = [:]
    let networks = [
      ("generator", try trainer.generator.state()),
      ("discriminator", try trainer.discriminator.state()),
    ]
    for (name, state) in networks {
      for (key, value) in state { tensors["\(name).\(key)"] = try value.detached().clone() }
    }
    let (batch, size) = (configuration.batchSize, configuration.architecture.sizePixels)
    let patches = try (0..<2 * batch).flatMap { try trainer.loader.sampler.patch(at: $0).values }
    tensors["real"] = try trainer.transform.encode(
      Tensor(patches, shape: [2, batch, 1, size, size]))
    var losses: [Float] = []
    for _ in 0..<2 {
      let step = try trainer.step()
      losses += try step.discriminator.floats() + step.generator.floats()
    }
    tensors["losses"] = try Tensor(losses, shape: [2, 2])
    try Safetensors.write(
      tensors, metadata: ["seed": "\(configuration.seed)", "cutMix": "\(cutMix)"], to: path)
  }
}
