import Datasets
import Foundation
import GANModel
import Kernel
import Patches
import Rasters
import TorchCore
import TorchNN
import TorchProcesses

/// The networks, their optimizers and the data, and one training iteration.
///
/// Random numbers are functions of the seed and the iteration (`CounterRandom`), and patches of the
/// seed and their index, so a trainer's state is that of its `objects` and one counter.
/// Source: Zhou et al., "GANInSAR", JSTARS 2024; Schonfeld et al., CVPR 2020.
package final class Trainer {
  package let configuration: TrainingConfiguration
  package let transform: RateTransform
  package let device: Device
  package let generator: Generator
  package let discriminator: any Discriminator
  package let average: ExponentialMovingAverage<Generator>
  package private(set) var iteration = 0
  package private(set) var loader: PatchLoader

  let generatorOptimizer: Adam
  let discriminatorOptimizer: Adam
  private let dataset: RateDataset
  let processes: TrainingProcesses
  private let share: BatchShare

  /// Creates networks with initial values.
  ///
  /// - Parameter transform: `nil` to measure the standard deviation of the training patches.
  /// - Throws: `DatasetError` if no patch passes the rules, `TorchError` if the device does not
  ///   exist or memory is exhausted, `TrainingError.constantData`.
  package init(
    configuration: TrainingConfiguration, dataset: RateDataset, transform: RateTransform? = nil,
    processes: TrainingProcesses = TrainingProcesses()
  ) throws {
    self.configuration = configuration
    self.dataset = dataset
    self.processes = processes
    share = BatchShare(
      total: configuration.batchSize,
      range: try processes.slice(ofBatch: configuration.batchSize))
    device = try processes.device(configuration.execution.device)
    if configuration.execution.threads > 0 { Runtime.threads = configuration.execution.threads }
    if case .cuda = device { try Runtime.setCUDAOptions(benchmark: true, allowTF32: true) }
    loader = try Trainer.loader(
      configuration, dataset, startIndex: 0, rejections: RejectionReport(), share: share)
    self.transform =
      try transform
      ?? Trainer.measuredTransform(configuration, loader.sampler, dataset.quantities)

    let random = try RandomGenerator(seed: configuration.seed, .initialWeights)
    let (architecture, channels) = (configuration.architecture, dataset.quantities.count)
    generator = try Generator(architecture, mapChannels: channels, random)
    discriminator = try makeDiscriminator(architecture, mapChannels: channels, random)
    let copy = try Generator(architecture, mapChannels: channels, random)
    for module: any Module in [generator, discriminator, copy] { try module.move(to: device) }
    average = try ExponentialMovingAverage(of: generator, in: copy)
    if let group = processes.group { try generator.synchronizeBatchNorm(over: group) }
    let settings = configuration.optimizer
    generatorOptimizer = try Adam(
      generator, options: settings.adam(settings.generatorLearningRate))
    discriminatorOptimizer = try Adam(
      discriminator, options: settings.adam(settings.discriminatorLearningRate))
  }

  /// What has a state that training changes, by the name that checkpoints give it.
  var objects: KeyValuePairs<String, any Stateful> {
    [
      "generator": generator, "discriminator": discriminator, "average": average,
      "generator_optimizer": generatorOptimizer, "discriminator_optimizer": discriminatorOptimizer,
    ]
  }

  package var epoch: Double { configuration.epoch(atIteration: iteration) }
  package var isFinished: Bool { iteration >= configuration.totalIterations }

  /// One step of the discriminator, one of the generator, and an update of the moving average.
  package func step() throws -> StepLosses {
    var random = CounterRandom(configuration.seed, .trainingIteration, UInt64(iteration))
    let batch = try loader.next()
    let real = try transform.encode(
      Tensor(
        batch.values, shape: [batch.count, batch.channels, batch.patchSize, batch.patchSize]
      ).sent(to: device))  // [N, C, S, S]

    let losses = try discriminatorStep(real, batch, &random)
    let generatorLoss = try generatorStep(batch, &random)

    iteration += 1
    let averaging =
      Double(iteration) > configuration.average.startShare * Double(configuration.totalIterations)
    try average.update(decay: averaging ? configuration.average.decay : 0)
    return StepLosses(
      discriminator: losses.loss, generator: generatorLoss, realLogit: losses.realLogit,
      fakeLogit: losses.fakeLogit)
  }

  private func discriminatorStep(
    _ real: Tensor, _ batch: PatchBatch, _ random: inout CounterRandom
  ) throws -> (loss: Tensor, realLogit: Tensor, fakeLogit: Tensor) {
    let schedule = configuration.cutMix
    let latents = try latents(&random)
    let fake = try withoutGradients { try generated(latents, batch) }
    let mixes =
      random.uniform()
      < CutMix.probability(
        epoch: epoch, warmUpEpochs: schedule.warmUpEpochs, maximum: schedule.probability)
      && configuration.architecture.discriminator == .uNet
    let mask = mixes ? try cutMixMask(batch.patchSize, &random) : nil

    try discriminatorOptimizer.clearGradients()
    let loss: Tensor
    let logits: [Logits]
    (loss, logits) = try inPrecision {
      let parts = try discriminatorInput(real: real, fake: fake, mask: mask, &random)
      // One forward pass over all parts, so that every spectral norm does one step of its power
      // iteration.
      let logits = try discriminator(.concatenate(parts, 0)).split(parts: parts.count)
      return (try discriminatorLoss(logits, mask), logits)
    }
    try loss.backward()
    try processes.average(discriminatorOptimizer.gradients)
    try discriminatorOptimizer.step()
    return (
      try loss.detached(), try logits[0].image.detached().mean(),
      try logits[1].image.detached().mean()
    )
  }

  private func discriminatorInput(
    real: Tensor, fake: Tensor, mask: Tensor?, _ random: inout CounterRandom
  ) throws -> [Tensor] {
    let augment = configuration.diffAugment
    let reals = augment.isOn ? try augment(real, &random, share: share) : real
    let fakes = augment.isOn ? try augment(fake, &random, share: share) : fake
    guard let mask else { return [reals, fakes] }
    return [reals, fakes, try CutMix.mix(real: reals, fake: fakes, mask: mask)]
  }

  /// `logits` are those of the real, the generated and, if there is a mask, the mixed images.
  func discriminatorLoss(_ logits: [Logits], _ mask: Tensor?) throws -> Tensor {
    guard let mask, let real = logits[0].pixels, let fake = logits[1].pixels,
      let mixed = logits[2].pixels
    else { return try configuration.loss.discriminator(real: logits[0], fake: logits[1]) }
    let consistency = try CutMix.consistency(mixed: mixed, real: real, fake: fake, mask: mask)
    let loss =
      try configuration.loss.discriminator(mixed: logits[2], mask: mask)
      + consistency * configuration.cutMix.consistencyWeight
    guard configuration.cutMix.mode == .add else { return loss }
    return try loss + configuration.loss.discriminator(real: logits[0], fake: logits[1])
  }

  private func generatorStep(_ batch: PatchBatch, _ random: inout CounterRandom) throws -> Tensor {
    let latents = try latents(&random)
    try generatorOptimizer.clearGradients()
    // The gradients of the discriminator's parameters are not needed here; skipping them saves
    // time.
    let loss = try discriminator.withoutParameterGradients {
      let loss = try inPrecision {
        var fake = try generated(latents, batch)
        if configuration.diffAugment.isOn {
          fake = try configuration.diffAugment(fake, &random, share: share)
        }
        return try configuration.loss.generator(fake: discriminator(fake))
      }
      try loss.backward()
      return loss
    }
    try processes.average(generatorOptimizer.gradients)
    try generatorOptimizer.step()
    return try loss.detached()
  }

  /// Generated images, shifted as the real patches beside them were where the recipe says so.
  private func generated(_ latents: Tensor, _ batch: PatchBatch) throws -> Tensor {
    try transform.shift(
      try inPrecision { try generator(latents) }, byCMPerYear: batch.offsetsForFakesCMPerYear)
  }

  // Random numbers are drawn for the whole batch, so that they do not depend on the processes.

  private func latents(_ random: inout CounterRandom) throws -> Tensor {
    let all = try Latents.draw(share.total, generator.latentSize, &random)
    let own = try all.narrow(0, from: share.range.lowerBound, length: share.range.count)
    return try own.to(device: device)
  }

  private func cutMixMask(_ size: Int, _ random: inout CounterRandom) throws -> Tensor {
    let boxes = (0..<share.total).map { _ in CutMix.Box.random(sizePixels: size, &random) }
    return try CutMix.mask(Array(boxes[share.range]), sizePixels: size).to(device: device)
  }

  private func inPrecision<Result>(_ body: () throws -> Result) rethrows -> Result {
    try withAutocast(
      device, .bfloat16, enabled: configuration.execution.precision == .bfloat16, body)
  }

  /// Puts the trainer where the checkpoint was: the next batches are those of a run without a stop.
  /// - Throws: `TrainingError.checkpoint` where the file does not fit these networks.
  func restore(_ checkpoint: Checkpoint) throws {
    try checkpoint.load(objects)
    iteration = checkpoint.iteration
    loader = try Trainer.loader(
      configuration, dataset, startIndex: iteration * configuration.batchSize,
      rejections: processes.isFirst ? checkpoint.rejections : RejectionReport(), share: share)
  }

  private static func loader(
    _ configuration: TrainingConfiguration, _ dataset: RateDataset, startIndex: Int,
    rejections: RejectionReport, share: BatchShare
  ) throws -> PatchLoader {
    try PatchLoader(
      dataset: dataset, configuration: configuration.data,
      patchSize: configuration.architecture.sizePixels, batchSize: configuration.batchSize,
      seed: configuration.seed, startIndex: startIndex, rejections: rejections, share: share)
  }

  /// The scale that gives the first epoch's patches, without their offsets, the requested standard
  /// deviation; for each quantity of the scenes.
  static func measuredTransform(
    _ configuration: TrainingConfiguration, _ sampler: PatchSampler, _ quantities: [Quantity]
  ) throws -> RateTransform {
    let patches = try (0..<256).map { try sampler.patch(at: $0) }
    let side = sampler.patchSize
    let transforms = try quantities.enumerated().map { channel, quantity in
      try measuredTransform(
        configuration.rates,
        Tensor(patches.flatMap { $0.channel(channel) }, shape: [patches.count, 1, side, side]),
        quantity)
    }
    var transform = transforms[0]
    if transforms.count > 1 { transform.others = Array(transforms.dropFirst()) }
    return transform
  }

  /// - Parameter patches: [N, 1, S, S] in the unit of the quantity.
  private static func measuredTransform(
    _ settings: TrainingConfiguration.Rates, _ patches: Tensor, _ quantity: Quantity
  ) throws -> RateTransform {
    var transform = RateTransform(scaleCMPerYear: 1).measuring(quantity)
    if quantity != .rate { transform.center = try transform.encode(patches).mean().item() }
    transform.flattening = settings.flattening
    func deviation() throws -> Double {
      let deviation = try transform.encode(patches).std().item()
      guard deviation.isFinite, deviation > 1e-6 else { throw TrainingError.constantData }
      return deviation
    }
    if settings.compression > 0 {
      transform.kneeCMPerYear = try deviation() / settings.compression
    }
    transform.scaleCMPerYear = try deviation() / settings.standardDeviation
    return transform
  }
}

/// Results of an iteration; scalars that may still be on the GPU.
package struct StepLosses {
  package let discriminator: Tensor
  package let generator: Tensor
  /// Means of the image logits of real and generated patches.
  package let realLogit: Tensor
  package let fakeLogit: Tensor
}
