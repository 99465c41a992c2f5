import Datasets
import Foundation
import GANModel
import Jobs
import Kernel
import RasterIO
import TestSupport
import Testing
import TorchCore

@testable import GANTraining

/// Does training bring the generator's maps nearer to the real ones?
///
/// Real maps show one round blob each, up or down, at any place. The distance is the squared maximum
/// mean discrepancy with KID's polynomial kernel, over maps averaged to 8 x 8 pixels.
@Suite struct LearningTests {
  private static let side = 64

  @Test func mapsComeNearerToTheRealOnes() throws {
    let folder = try TemporaryFolder()
    let dataset = try blobs(in: folder)
    var configuration = Self.configuration
    let trainer = try Trainer(configuration: configuration, dataset: dataset)
    let patches = try (0..<256).flatMap {
      try trainer.loader.sampler.patch(at: 100_000 + $0).values
    }
    let real = try Self.features(Tensor(patches, shape: [256, 1, Self.side, Self.side]))
    let untrained = try distance(trainer, real)
    while !trainer.isFinished { _ = try trainer.step() }
    let trained = try distance(trainer, real)

    // The same run with a generator that stands still.
    configuration.optimizer.generatorLearningRate = 1e-12
    let frozen = try Trainer(configuration: configuration, dataset: dataset)
    while !frozen.isFinished { _ = try frozen.step() }
    let unchanged = try distance(frozen, real)

    // Seen: 0.26 untrained, 0.06 trained, 0.34 with a generator that stands still.
    #expect(trained < untrained / 2, "\(untrained) became \(trained)")
    #expect(
      trained < unchanged / 2, "\(unchanged) without the generator's updates, \(trained) with them")
  }

  private static var configuration: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.seed = UInt64(ProcessInfo.processInfo.environment["LEARNING_SEED"] ?? "") ?? 1
    configuration.architecture = .init(sizePixels: side, channels: 2, latentSize: 16)
    configuration.batchSize = 8
    configuration.data.patchesPerEpoch = 8
    configuration.epochs = 160
    configuration.data.filter.epochs = .never
    configuration.data.offset.epochs = .never
    configuration.data.workerThreads = 1
    configuration.optimizer.generatorLearningRate = 1e-3
    configuration.optimizer.discriminatorLearningRate = 2e-3
    configuration.cutMix.probability = 0
    configuration.average.decay = 0.9
    configuration.average.calibrationBatches = 4
    configuration.execution.device = .cpu
    configuration.execution.threads = 1
    return configuration
  }

  /// Blobs of 8 cm/yr, a jittered one in each window-sized square of a scene.
  private func blobs(in folder: TemporaryFolder) throws -> RateDataset {
    let count = 8
    let width = count * Self.side
    var values = [Float](repeating: 0, count: width * width)
    var random = CounterRandom(5, .testInput)
    for row in 0..<count {
      for column in 0..<count {
        let x = Double(column * Self.side) + 20 + 24 * random.uniform()
        let y = Double(row * Self.side) + 20 + 24 * random.uniform()
        let peak = random.uniform() < 0.5 ? -8.0 : 8
        for i in max(0, Int(y) - 30)..<min(width, Int(y) + 30) {
          for j in max(0, Int(x) - 30)..<min(width, Int(x) + 30) {
            let square = (Double(i) - y) * (Double(i) - y) + (Double(j) - x) * (Double(j) - x)
            values[i * width + j] += Float(peak * exp(-square / (2 * 9 * 9)))
          }
        }
      }
    }
    let scene = folder.file("blobs.npy")
    try NpyArray(shape: [width, width], values: values).write(to: scene)
    var reading = RasterReadOptions()
    reading.unit = .centimetersPerYear
    _ = try DatasetPreparation(reading: reading).run(
      files: [scene], output: folder.file("dataset"))
    return try RateDataset.open(folder.file("dataset"))
  }

  private func distance(_ trainer: Trainer, _ real: Tensor) throws -> Double {
    let sampling = try SamplingGenerator(trainer)
    var random = CounterRandom(9, .testInput)
    let latents = try Latents.draw(256, trainer.generator.latentSize, &random)
    let maps = try sampling.sample(latents, device: .cpu, batchSize: 32)
    return try Self.discrepancy(real, Self.features(maps))
  }

  /// Means over squares, in units of the blobs' height: [N, 1, S, S] -> [N, d].
  private static func features(_ maps: Tensor) throws -> Tensor {
    try (maps / 8).averagePool(kernel: 8, stride: 8).reshape([maps.shape[0], -1])
      .to(dtype: .float64)
  }

  /// Source: Binkowski et al., "Demystifying MMD GANs", ICLR 2018: the unbiased estimate with
  /// k(x, y) = (x . y / d + 1)^3, d numbers in each of x and y.
  private static func discrepancy(_ a: Tensor, _ b: Tensor) throws -> Double {
    let count = Double(a.shape[0])
    func kernel(_ x: Tensor, _ y: Tensor) throws -> Tensor {
      let sum = try x.matmul(y.transpose(0, 1)) / Double(x.shape[1]) + 1
      return try sum * sum * sum
    }
    func within(_ x: Tensor) throws -> Double {
      let norms = try x.square().sum([1]) / Double(x.shape[1]) + 1
      let own = try (norms * norms * norms).sum().item()
      return try (kernel(x, x).sum().item() - own) / (count * (count - 1))
    }
    return try within(a) + within(b) - 2 * kernel(a, b).mean().item()
  }
}
