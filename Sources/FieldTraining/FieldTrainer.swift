import Datasets
import GANModel
import Kernel
import Patches
import PhaseNetworks
import TorchCore
import TorchNN
import TorchProcesses

/// One line of `stats.jsonl`.
package struct FieldStatistics: NetworkStatisticsLine, Equatable {
  package var step: Int
  package var generatorLoss: Double
  package var discriminatorLoss: Double
  /// Means of the image logits of real maps minus those of generated ones: how sure the discriminator
  /// is.
  package var logitGap: Double
  package var learningRate: Double
  package var secondsPerIteration: Double

  package var summary: String {
    "D \(discriminatorLoss.decimals(3))  G \(generatorLoss.decimals(3))  gap \(logitGap.decimals(2))"
  }
  package var validationSummary: String? { nil }
}

/// The networks of a field model, their optimizers and their patches, and one training iteration.
///
/// A generator and a projection discriminator learn from normalized patches whose statistics are
/// labels (`FieldNormalization`). Random numbers are functions of the seed and the iteration, and
/// patches of the seed and their index, so the state is that of `objects` and one counter.
/// Sources: Schonfeld et al., "A U-Net Based Discriminator for Generative Adversarial Networks",
/// CVPR 2020; Mescheder et al., "Which Training Methods for GANs do actually Converge?", ICML 2018
/// (R1). The same in PyTorch: `Job` in scripts/gpu/field_train.py.
package final class FieldTrainer: NetworkTraining {
  package let configuration: FieldConfiguration
  package let samples: FieldSamples
  package let processes: TrainingProcesses
  package private(set) var iteration = 0

  let generator: FieldGenerator
  let discriminator: FieldDiscriminator
  let average: ExponentialMovingAverage<FieldGenerator>
  let table: FieldTable
  private let generatorOptimizer: Adam
  private let discriminatorOptimizer: Adam
  private let device: Device
  private let share: BatchShare
  private var loader: PatchLoader

  private static let loss = AdversarialLoss.crossEntropy
  /// Iterations from one gradient penalty to the next, which then has that many times its weight
  /// (Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", CVPR 2020).
  private static let penaltyPeriod = 8
  /// What is added to a label that is drawn from the table, in its deviations.
  private static let labelNoise: Float = 0.05
  /// Maps are drawn again beyond so many times the greatest rate of the scenes.
  private static let greatestRateFactor = 1.5

  /// - Throws: `FieldTrainingError`, `FieldError.otherNetwork`, `PatchError`, `TorchError`.
  package init(
    _ configuration: FieldConfiguration, samples: FieldSamples,
    processes: TrainingProcesses = TrainingProcesses()
  ) throws {
    guard (samples.detail != nil) == (configuration.level == .coarse) else {
      throw FieldTrainingError.detail(level: configuration.level)
    }
    self.configuration = configuration
    self.samples = samples
    self.processes = processes
    share = BatchShare(
      total: configuration.batchSize,
      range: try processes.slice(ofBatch: configuration.batchSize))
    device = try configuration.execution.prepare(processes)
    loader = try Self.loader(configuration, samples, share, from: 0)
    table = try .measured(configuration, samples)

    let random = try RandomGenerator(seed: configuration.seed, .fieldWeights)
    let architecture = configuration.architecture
    func network() throws -> FieldGenerator {
      try .base(
        channels: architecture.channels, noisePlanes: architecture.noisePlanes, random)
    }
    generator = try network()
    if let initial = samples.initial {
      try generator.begin(
        with: initial.model, path: initial.path, means: table.means,
        deviations: table.deviations)
    }
    discriminator = try FieldDiscriminator(
      channels: architecture.discriminatorChannels, labelCount: FieldNormalization.labelCount,
      random)
    let copy = try network()
    for module: any Module in [generator, discriminator, copy] { try module.move(to: device) }
    average = try ExponentialMovingAverage(of: generator, in: copy)
    if let group = processes.group { try generator.synchronizeBatchNorm(over: group) }
    let optimizer = configuration.optimizer
    func adam(_ module: any Module, _ rate: Double) throws -> Adam {
      try Adam(
        module, options: AdamOptions(learningRate: rate, beta1: 0, beta2: 0.999, epsilon: 1e-6))
    }
    generatorOptimizer = try adam(generator, optimizer.generatorLearningRate)
    discriminatorOptimizer = try adam(discriminator, optimizer.discriminatorLearningRate)
  }

  private static func loader(
    _ configuration: FieldConfiguration, _ samples: FieldSamples, _ share: BatchShare,
    from iteration: Int
  ) throws -> PatchLoader {
    try PatchLoader(
      dataset: samples.dataset, configuration: configuration.data,
      patchSize: configuration.patchSide, batchSize: configuration.batchSize,
      seed: configuration.seed, startIndex: iteration * configuration.batchSize, share: share)
  }

  package static func identity(_ samples: FieldSamples) -> String { samples.identity }

  package var objects: KeyValuePairs<String, any Stateful> {
    [
      "generator": generator, "discriminator": discriminator, "average": average,
      "generator_optimizer": generatorOptimizer, "discriminator_optimizer": discriminatorOptimizer,
    ]
  }

  package func parameters() throws -> [Tensor] {
    try generator.parameters() + discriminator.parameters()
  }

  // MARK: - One iteration

  /// - Returns: the losses of generator and discriminator, and how far their logits are apart.
  package func step() throws -> [Tensor] {
    let batch = try loader.next()
    let side = batch.patchSize
    let maps = try Tensor(batch.values, shape: [batch.count, 1, side, side]).sent(to: device)
      .blockMeans(configuration.blockSide)
    return try step(maps)
  }

  /// With the given maps in cm/yr, [N, 1, 64, 64].
  func step(_ maps: Tensor) throws -> [Tensor] {
    var random = CounterRandom(configuration.seed, .fieldTraining, UInt64(iteration))
    let (schedule, optimizer) = (configuration.schedule, configuration.optimizer)
    generatorOptimizer.options.learningRate = schedule.rate(
      optimizer.generatorLearningRate, at: iteration)
    discriminatorOptimizer.options.learningRate = schedule.rate(
      optimizer.discriminatorLearningRate, at: iteration)

    let (discriminatorLoss, gap) = try discriminatorStep(maps, &random)
    let generatorLoss =
      iteration >= optimizer.holdIterations
      ? try generatorStep(&random) : try Tensor.zeros([], device: device)
    iteration += 1
    try average.update(decay: schedule.averageDecay(after: iteration))
    return try [generatorLoss, discriminatorLoss, gap].map { try $0.detached() }
  }

  private func discriminatorStep(_ maps: Tensor, _ random: inout CounterRandom) throws -> (
    loss: Tensor, gap: Tensor
  ) {
    let (real, labels, fake) = try withoutGradients {
      let (real, raw) = try FieldNormalization.seen(maps)
      let labels = try table.normalized(raw)
      return (real, labels, try generator.seen(latents(&random), labels: labels))
    }
    try discriminatorOptimizer.clearGradients()
    // One forward pass over both parts, so that every spectral norm does one step of its power
    // iteration.
    let logits = try discriminator(
      .concatenate([real, fake], 0), labels: .concatenate([labels, labels], 0)
    ).split(parts: 2)
    let loss = try Self.loss.discriminator(real: logits[0], fake: logits[1])
    try loss.backward()
    let weight = configuration.optimizer.gradientPenalty
    if weight > 0, iteration.isMultiple(of: Self.penaltyPeriod) {
      try
        (discriminator.gradientPenalty(real, labels: labels) * (weight * Double(Self.penaltyPeriod)))
        .backward()
    }
    try processes.average(discriminatorOptimizer.gradients)
    try discriminatorOptimizer.step()
    return (loss, try logits[0].image.mean() - logits[1].image.mean())
  }

  private func generatorStep(_ random: inout CounterRandom) throws -> Tensor {
    let labels = try drawnLabels(&random)
    let latents = try latents(&random)
    try generatorOptimizer.clearGradients()
    let loss = try discriminator.withoutParameterGradients {
      let fake = try generator.seen(latents, labels: labels)
      let loss = try Self.loss.generator(fake: discriminator(fake, labels: labels))
      try loss.backward()
      return loss
    }
    try processes.average(generatorOptimizer.gradients)
    try generatorOptimizer.step()
    return loss
  }

  // Random numbers are drawn for the whole batch, so that they do not depend on the processes.

  private func latents(_ random: inout CounterRandom) throws -> FieldGenerator.Latents {
    try generator.latents(share.total, &random).part(share.range, on: device)
  }

  /// Normalized labels of rows of the table: [N, 5].
  private func drawnLabels(_ random: inout CounterRandom) throws -> Tensor {
    var (raw, noise): ([Float], [Float]) = ([], [])
    for _ in 0..<share.total {
      let row = table.labels[random.integer(below: table.labels.count)]
      raw += row
      noise += row.map { _ in Self.labelNoise * Float(random.normal()) }
    }
    let shape = [share.total, FieldNormalization.labelCount]
    return try (table.normalized(Tensor(raw, shape: shape)) + Tensor(noise, shape: shape))
      .narrow(0, from: share.range.lowerBound, length: share.range.count).to(device: device)
  }

  // MARK: - What is kept

  /// There is nothing to evaluate here: `ganinsar evaluate` compares what a model draws.
  package func evaluate(_ batches: [PatchBatch]) throws -> [Double]? { nil }
  package static func validation(_ samples: FieldSamples, _ configuration: FieldConfiguration)
    throws -> [PatchBatch]
  { [] }

  package func line(
    means: [Double], learningRate: Double, secondsPerIteration: Double, validation: [Double]?
  ) -> FieldStatistics {
    FieldStatistics(
      step: iteration, generatorLoss: means[0], discriminatorLoss: means[1], logitGap: means[2],
      learningRate: learningRate, secondsPerIteration: secondsPerIteration)
  }

  package func restore(_ checkpoint: NetworkCheckpoint<FieldConfiguration>) throws {
    try checkpoint.load(objects)
    iteration = checkpoint.iteration
    loader = try Self.loader(configuration, samples, share, from: iteration)
  }

  package static let networkFileName = "model.safetensors"

  /// The averaged generator with batch-norm statistics of its own, for `generate`.
  package func writeNetwork(sources: [String], to path: String) throws {
    let architecture = configuration.architecture
    let copy = try FieldGenerator.base(
      channels: architecture.channels, noisePlanes: architecture.noisePlanes,
      RandomGenerator(seed: 0, .placeholderWeights))
    try copy.move(to: device)
    try copy.setRequiresGradient(false)
    try copy.load(average.state())
    var random = CounterRandom(configuration.seed, .fieldCalibration)
    try withoutGradients {
      // Only batch norm may change; the power iteration of the spectral norms is not updated.
      try copy.setBatchNormTraining(true)
      for _ in 0..<configuration.average.calibrationBatches {
        let labels = try drawnLabels(&random)
        _ = try copy.seen(latents(&random), labels: labels)
      }
    }
    try copy.setTraining(false)
    try FieldModel.write(
      base: copy, channels: architecture.channels, detail: samples.detail, table: table,
      scenes: samples.dataset.trainingScenes.map(\.name), iterations: iteration,
      greatestRateCMPerYear: samples.greatestRateCMPerYear * Self.greatestRateFactor, to: path)
  }
}
