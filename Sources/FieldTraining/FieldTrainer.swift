import Datasets
import GANModel
import Kernel
import NetworkRuns
import Patches
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
  /// Loss and gap of the discriminator on learned features; `nil` without it.
  package var featureLoss: Double?
  package var featureGap: Double?
  package var learningRate: Double
  package var secondsPerIteration: Double

  package var summary: String {
    "D \(discriminatorLoss.decimals(3))  G \(generatorLoss.decimals(3))  gap \(logitGap.decimals(2))"
      + (featureGap.map { " and \($0.decimals(2))" } ?? "")
  }
  package var validationSummary: String? { nil }
}

/// The networks of a field model, their optimizers and their patches, and one training iteration.
///
/// A generator and a projection discriminator learn from normalized patches whose statistics are
/// labels (`FieldNormalization`), or at the level of the detail from windows and their means
/// (`DetailWindow`); a second discriminator judges by learned features. Random numbers are functions of the seed and the iteration, and
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
  /// `nil` if maps are not judged by learned features.
  let features: FeatureDiscriminator?
  let average: ExponentialMovingAverage<FieldGenerator>
  let task: any FieldTask
  private let generatorOptimizer: Adam
  private let discriminatorOptimizer: Adam
  private let featureOptimizer: Adam?
  private let device: Device
  private let share: BatchShare
  private var loader: PatchLoader

  private static let loss = AdversarialLoss.crossEntropy
  /// Iterations from one gradient penalty to the next, which then has that many times its weight
  /// (Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", CVPR 2020).
  private static let penaltyPeriod = 8
  /// - Throws: `FieldTrainingError`, `FieldError.otherNetwork`, `PatchError`, `TorchError`.
  package init(
    _ configuration: FieldConfiguration, samples: FieldSamples,
    processes: TrainingProcesses = TrainingProcesses()
  ) throws {
    try samples.check(configuration)
    self.configuration = configuration
    self.samples = samples
    self.processes = processes
    share = BatchShare(
      total: configuration.batchSize,
      range: try processes.slice(ofBatch: configuration.batchSize))
    device = try configuration.execution.prepare(processes)
    loader = try Self.loader(configuration, samples, share, from: 0)
    task =
      try configuration.level == .detail
      ? DetailTask(configuration, samples) : BaseTask(configuration, samples)

    let random = try RandomGenerator(seed: configuration.seed, .fieldWeights)
    generator = try task.generator(random)
    try task.begin(generator)
    discriminator = try task.discriminator(random)
    let copy = try task.generator(random)
    let (device, labelCount) = (device, task.labelCount)
    features = try samples.trunk.map {
      try FeatureDiscriminator(
        FeatureTrunk($0, device: device), labelCount: labelCount, random)
    }
    let modules: [any Module] = [generator, discriminator, copy] + (features.map { [$0] } ?? [])
    for module in modules { try module.move(to: device) }
    average = try ExponentialMovingAverage(of: generator, in: copy)
    if let group = processes.group { try generator.synchronizeBatchNorm(over: group) }
    let optimizer = configuration.optimizer
    func adam(_ module: any Module, _ rate: Double) throws -> Adam {
      try Adam(
        module, options: AdamOptions(learningRate: rate, beta1: 0, beta2: 0.999, epsilon: 1e-6))
    }
    generatorOptimizer = try adam(generator, optimizer.generatorLearningRate)
    discriminatorOptimizer = try adam(discriminator, optimizer.discriminatorLearningRate)
    featureOptimizer = try features.map { try adam($0, configuration.features.learningRate) }
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
    guard let features, let featureOptimizer else {
      return [
        "generator": generator, "discriminator": discriminator, "average": average,
        "generator_optimizer": generatorOptimizer,
        "discriminator_optimizer": discriminatorOptimizer,
      ]
    }
    return [
      "generator": generator, "discriminator": discriminator, "features": features,
      "average": average, "generator_optimizer": generatorOptimizer,
      "discriminator_optimizer": discriminatorOptimizer, "feature_optimizer": featureOptimizer,
    ]
  }

  package func parameters() throws -> [Tensor] {
    try generator.parameters() + discriminator.parameters() + (features?.parameters() ?? [])
  }

  // MARK: - One iteration

  /// - Returns: the losses of generator and discriminator, and how far its logits are apart; the same
  ///   two of the discriminator on learned features, if there is one.
  package func step() throws -> [Tensor] {
    let batch = try loader.next()
    let side = batch.patchSize
    let maps = try Tensor(batch.values, shape: [batch.count, 1, side, side]).sent(to: device)
      .blockMeans(configuration.blockSide)
    return try step(maps)
  }

  /// With the given maps in cm/yr, [N, 1, S, S].
  func step(_ maps: Tensor) throws -> [Tensor] {
    var random = CounterRandom(configuration.seed, .fieldTraining, UInt64(iteration))
    let (schedule, optimizer) = (configuration.schedule, configuration.optimizer)
    func rate(_ full: Double) -> Double { schedule.rate(full, at: iteration) }
    generatorOptimizer.options.learningRate = rate(optimizer.generatorLearningRate)
    discriminatorOptimizer.options.learningRate = rate(optimizer.discriminatorLearningRate)
    featureOptimizer?.options.learningRate = rate(configuration.features.learningRate)

    let (request, real, fake) = try withoutGradients {
      let (images, request) = try task.seen(maps, share, &random)
      let drawn = try generator.seen(latents(&random), request)
      return (request, try shown(images, request, &random), try shown(drawn, request, &random))
    }
    let judged = try discriminatorStep(real, fake, request) + featureStep(real, fake, request)
    let generatorLoss =
      iteration >= optimizer.holdIterations
      ? try generatorStep(beside: request, &random) : try Tensor.zeros([], device: device)
    iteration += 1
    try average.update(decay: schedule.averageDecay(after: iteration))
    return try ([generatorLoss] + judged).map { try $0.detached() }
  }

  /// Maps as discriminators are shown them.
  private struct Shown {
    /// [N, C, 64, 64].
    let images: Tensor
    /// For the discriminator on learned features, [N, 3, 64, 64]; `nil` without it.
    let pictures: Tensor?
  }

  private func shown(
    _ images: Tensor, _ request: FieldRequest, _ random: inout CounterRandom
  ) throws -> Shown {
    let turned = Reorientation(
      probability: configuration.reorientedShare, share, &random)
    let shown = try turned(images)
    guard features != nil else { return Shown(images: shown, pictures: nil) }
    let pictures = try FeatureDiscriminator.pictures(
      turned(request.restored(images)), seen: shown.narrow(1, from: 0, length: 1))
    return Shown(
      images: shown, pictures: try FeatureDiscriminator.augmented(pictures, share, &random))
  }

  private func discriminatorStep(
    _ real: Shown, _ fake: Shown, _ request: FieldRequest
  ) throws -> [Tensor] {
    let labels = request.labels
    try discriminatorOptimizer.clearGradients()
    // One forward pass over both parts, so that every spectral norm does one step of its power
    // iteration.
    let logits = try discriminator(
      .concatenate([real.images, fake.images], 0),
      labels: labels.map { try .concatenate([$0, $0], 0) }
    ).split(parts: 2)
    let loss = try Self.loss.discriminator(real: logits[0], fake: logits[1])
    try loss.backward()
    let weight = configuration.optimizer.gradientPenalty
    if weight > 0, iteration.isMultiple(of: Self.penaltyPeriod) {
      try
        (discriminator.gradientPenalty(real.images, labels: labels)
        * (weight * Double(Self.penaltyPeriod))).backward()
    }
    try processes.average(discriminatorOptimizer.gradients)
    try discriminatorOptimizer.step()
    return [loss, try logits[0].image.mean() - logits[1].image.mean()]
  }

  private func featureStep(
    _ real: Shown, _ fake: Shown, _ request: FieldRequest
  ) throws -> [Tensor] {
    guard let features, let featureOptimizer, let real = real.pictures, let fake = fake.pictures
    else { return [] }
    try featureOptimizer.clearGradients()
    let (loss, gap) = try features.loss(real: real, fake: fake, labels: request.labels)
    try loss.backward()
    try processes.average(featureOptimizer.gradients)
    try featureOptimizer.step()
    return [loss, gap]
  }

  private func generatorStep(
    beside real: FieldRequest, _ random: inout CounterRandom
  ) throws -> Tensor {
    let request = try task.learned(beside: real, share, &random, on: device)
    let latents = try latents(&random)
    try generatorOptimizer.clearGradients()
    let drawn = try shown(generator.seen(latents, request), request, &random)
    let loss = try discriminator.withoutParameterGradients {
      try Self.loss.generator(fake: discriminator(drawn.images, labels: request.labels))
    }
    var total = loss
    if let features, let pictures = drawn.pictures {
      let judged = try features.withoutParameterGradients {
        try features.generatorLoss(pictures, labels: request.labels)
      }
      total = try total + judged * configuration.features.weight
    }
    try total.backward()
    try processes.average(generatorOptimizer.gradients)
    try generatorOptimizer.step()
    return loss
  }

  // Random numbers are drawn for the whole batch, so that they do not depend on the processes.

  private func latents(_ random: inout CounterRandom) throws -> FieldGenerator.Latents {
    try generator.latents(share.total, &random).part(share, on: device)
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
      featureLoss: features == nil ? nil : means[3],
      featureGap: features == nil ? nil : means[4], learningRate: learningRate,
      secondsPerIteration: secondsPerIteration)
  }

  package func restore(_ checkpoint: NetworkCheckpoint<FieldConfiguration>) throws {
    try checkpoint.load(objects)
    iteration = checkpoint.iteration
    loader = try Self.loader(configuration, samples, share, from: iteration)
  }

  package static let networkFileName = "model.safetensors"

  /// The averaged generator with batch-norm statistics of its own, for `generate`.
  package func writeNetwork(sources: [String], to path: String) throws {
    let copy = try task.generator(RandomGenerator(seed: 0, .placeholderWeights))
    try copy.move(to: device)
    try copy.setRequiresGradient(false)
    try copy.load(average.state())
    try withoutGradients {
      // Only batch norm may change; the power iteration of the spectral norms is not updated.
      try copy.setBatchNormTraining(true)
      try task.calibrate(on: device) { request, random in
        let latents = try copy.latents(configuration.batchSize, &random)
        _ = try copy.seen(latents.part(.whole(configuration.batchSize), on: device), request)
      }
    }
    try copy.setTraining(false)
    try task.write(copy, iterations: iteration, to: path)
  }
}
