import Foundation
import GANModel
import Kernel
import NetworkRuns
import TorchCore
import TorchNN
import TorchProcesses

/// One line of `stats.jsonl`.
package struct AtmosphereStatistics: NetworkStatisticsLine, Equatable {
  package var step: Int
  /// Of the generators: adversarial, and mean absolute differences in units of `data.scaleCM`.
  package var adversarialLoss: Double?
  package var cycleLoss: Double?
  package var identityLoss: Double?
  package var discriminatorLoss: Double?
  /// Mean absolute error of the delay, for the supervised method.
  package var delayLoss: Double?
  package var learningRate: Double
  package var secondsPerIteration: Double
  /// Root mean square of the averaged network's errors on the validation samples, and of the delays that
  /// it should have removed, in cm.
  package var validationErrorCM: Double?
  package var validationDelayCM: Double?

  package var summary: String {
    let losses = [
      ("adversarial", adversarialLoss), ("cycle", cycleLoss), ("identity", identityLoss),
      ("discriminators", discriminatorLoss), ("delay", delayLoss),
    ]
    return losses.compactMap { name, loss in loss.map { "\(name) \($0.decimals(3))" } }
      .joined(separator: "  ")
  }

  package var validationSummary: String? {
    guard let validationErrorCM, let validationDelayCM else { return nil }
    return "rms error \(validationErrorCM.decimals(3)) cm, uncorrected "
      + "\(validationDelayCM.decimals(3)) cm"
  }
}

/// Generators, discriminators, their optimizers and samples, and one training iteration.
///
/// Samples and their changes are functions of the seed and of their number, so the state is that of
/// `objects` and one counter.
package final class AtmosphereTrainer: NetworkTraining {
  package let configuration: AtmosphereConfiguration
  package let samples: AtmosphereSamples
  package let processes: TrainingProcesses
  let device: Device
  let generators: AtmosphereGenerators
  let average: ExponentialMovingAverage<AtmosphereGenerator>
  let generatorOptimizer: Adam
  /// `nil` for the supervised method.
  let discriminators: AtmosphereDiscriminators?
  private let discriminatorOptimizer: Adam?
  private let loss: AtmosphereLoss
  /// The maps of each batch that this process handles.
  private let slice: Range<Int>
  package private(set) var iteration = 0
  private var queue: OrderedQueue<AtmosphereBatch>

  /// - Throws: `PhaseNetworkError.samples` for samples whose size the networks do not take, or without
  ///   the truth where it is needed; `TorchError`.
  package init(
    _ configuration: AtmosphereConfiguration, samples: AtmosphereSamples,
    processes: TrainingProcesses = TrainingProcesses()
  ) throws {
    self.configuration = configuration
    self.samples = samples
    self.processes = processes
    slice = try processes.slice(ofBatch: configuration.batchSize)
    let isCycle = configuration.method == .cycle
    try Self.check(samples, configuration)
    device = try configuration.execution.prepare(processes)
    let random = try RandomGenerator(seed: configuration.seed, .phaseNetworkWeights)
    let (architecture, optimizer) = (configuration.architecture, configuration.optimizer)
    generators = try AtmosphereGenerators(architecture, isCycle: isCycle, random)
    let copy = try AtmosphereGenerator(architecture, random)
    discriminators =
      isCycle
      ? try AtmosphereDiscriminators(architecture.discriminators(size: samples.size), random) : nil
    let modules: [(any Module)?] = [generators, copy, discriminators]
    for case let module? in modules { try module.move(to: device) }
    average = try ExponentialMovingAverage(of: generators.removed, in: copy)
    func adam(_ module: any Module, _ rate: Double) throws -> Adam {
      try Adam(module, options: AdamOptions(learningRate: rate, beta1: optimizer.beta1))
    }
    generatorOptimizer = try adam(generators, optimizer.generatorLearningRate)
    discriminatorOptimizer = try discriminators.map {
      try adam($0, optimizer.discriminatorLearningRate)
    }
    loss = AtmosphereLoss(
      adversarial: configuration.loss.adversarial, cycleWeight: configuration.loss.cycleWeight,
      identityWeight: configuration.loss.identityWeight)
    queue = Self.queue(configuration, samples, slice, from: 0)
  }

  deinit { queue.stop() }

  private static func check(_ samples: AtmosphereSamples, _ configuration: AtmosphereConfiguration)
    throws
  {
    let size = samples.size
    func fail(_ reason: String, _ remedy: String) -> PhaseNetworkError {
      .samples(path: "the samples", reason: reason, remedy: remedy)
    }
    let multiple = configuration.architecture.generator.sizeMultiple
    guard size % multiple == 0 else {
      throw fail(
        "they have \(size) x \(size) pixels",
        "Give samples.size a multiple of \(multiple), or lower architecture.levels.")
    }
    switch configuration.method {
    case .cycle:
      guard Architecture.sizes.contains(size) else {
        throw fail(
          "they have \(size) x \(size) pixels, and the discriminators take "
            + Architecture.sizes.map(String.init).joined(separator: ", "),
          "Give \(OptionName.size("64")).")
      }
    case .supervised:
      guard samples.known != nil else {
        throw fail(
          "the delays in measured maps are not known", "Leave out method=supervised.")
      }
    }
  }

  package var objects: KeyValuePairs<String, any Stateful> {
    guard let discriminators, let discriminatorOptimizer else {
      return [
        "generators": generators, "average": average, "generator_optimizer": generatorOptimizer,
      ]
    }
    return [
      "generators": generators, "average": average, "generator_optimizer": generatorOptimizer,
      "discriminators": discriminators, "discriminator_optimizer": discriminatorOptimizer,
    ]
  }

  package func parameters() throws -> [Tensor] {
    try generators.parameters() + (discriminators?.parameters() ?? [])
  }

  package static func identity(_ samples: AtmosphereSamples) -> String { samples.identity }

  // MARK: - One iteration

  /// - Returns: the losses, detached: adversarial, cycle, identity and discriminators; or the delay's.
  package func step() throws -> [Tensor] {
    let (with, without) = try planes(queue.next())
    return try step(with: with, without: without)
  }

  /// With the given batch.
  func step(with: AtmospherePlanes, without: AtmospherePlanes) throws -> [Tensor] {
    generatorOptimizer.options.learningRate = configuration.learningRate(at: iteration)
    discriminatorOptimizer?.options.learningRate = configuration.schedule.rate(
      configuration.optimizer.discriminatorLearningRate, at: iteration)
    let losses: [Tensor]
    if let discriminators, let discriminatorOptimizer {
      losses = try cycleStep(discriminators, discriminatorOptimizer, with, without)
    } else {
      losses = [try supervisedStep(with, without)]
    }
    iteration += 1
    try average.update(decay: configuration.schedule.averageDecay(after: iteration))
    return try losses.map { try $0.detached() }
  }

  private func cycleStep(
    _ discriminators: AtmosphereDiscriminators, _ discriminatorOptimizer: Adam,
    _ with: AtmospherePlanes, _ without: AtmospherePlanes
  ) throws -> [Tensor] {
    try generatorOptimizer.clearGradients()
    let translated = try AtmosphereLoss.translated(generators, with: with, without: without)
    let means = translated.cycle + translated.identity
    // With a common divisor the mean of the processes' gradients is the gradient of the whole batch.
    try processes.average { means.map(\.count) }
    let cycle = try translated.cycle[0].value() + translated.cycle[1].value()
    let identity = try translated.identity[0].value() + translated.identity[1].value()
    let adversarial = try discriminators.withoutParameterGradients {
      let adversarial = try loss.generators(translated, discriminators)
      try loss.total(adversarial: adversarial, cycle: cycle, identity: identity).backward()
      return adversarial
    }
    try processes.average(generatorOptimizer.gradients)
    try generatorOptimizer.step()

    try discriminatorOptimizer.clearGradients()
    let discriminatorLoss = try loss.discriminators(
      discriminators, with: with.values, without: without.values,
      corrected: translated.corrected.detached(), disturbed: translated.disturbed.detached())
    try discriminatorLoss.backward()
    try processes.average(discriminatorOptimizer.gradients)
    try discriminatorOptimizer.step()
    return [adversarial, cycle, identity, discriminatorLoss]
  }

  /// Both maps belong together: their difference is the delay.
  private func supervisedStep(_ with: AtmospherePlanes, _ without: AtmospherePlanes) throws
    -> Tensor
  {
    try generatorOptimizer.clearGradients()
    let error = try AtmosphereLoss.distance(
      generators.corrected(with.values, valid: with.valid), without)
    try processes.average { [error.count] }
    let value = try error.value()
    try value.backward()
    try processes.average(generatorOptimizer.gradients)
    try generatorOptimizer.step()
    return value
  }

  private func planes(_ batch: AtmosphereBatch) throws -> (
    with: AtmospherePlanes, without: AtmospherePlanes
  ) {
    func sent(_ planes: AtmospherePlanes) throws -> AtmospherePlanes {
      AtmospherePlanes(
        values: try planes.values.sent(to: device), valid: try planes.valid.sent(to: device))
    }
    let planes = try batch.planes(scaleCM: configuration.data.scaleCM)
    return (try sent(planes.with), try sent(planes.without))
  }

  // MARK: - Evaluation

  package func evaluate(_ batches: [AtmosphereBatch]) throws -> [Double]? {
    guard !batches.isEmpty else { return nil }
    return try withoutGradients {
      var (errors, delays, pixels) = (0.0, 0.0, 0.0)
      for batch in batches {
        let (with, without) = try planes(batch)
        let estimate = try average.average(with.values, valid: with.valid)
        let truth = try with.values - without.values
        // A constant is not known, and does not count.
        errors += try Self.squares(estimate - truth, with.valid)
        delays += try Self.squares(truth, with.valid)
        pixels += try with.valid.sum().item()
      }
      let scale = configuration.data.scaleCM
      return [errors, delays].map { ($0 / max(1, pixels)).squareRoot() * scale }
    }
  }

  /// The sum of squares about each map's mean.
  private static func squares(_ values: Tensor, _ valid: Tensor) throws -> Double {
    let count = try valid.sum([1, 2, 3], keepDims: true).clamp(1, 1e30)
    let mean = try (values * valid).sum([1, 2, 3], keepDims: true) / count
    return try ((values - mean) * valid).square().sum().item()
  }

  package func line(
    means: [Double], learningRate: Double, secondsPerIteration: Double, validation: [Double]?
  ) -> AtmosphereStatistics {
    let isCycle = discriminators != nil
    return AtmosphereStatistics(
      step: iteration, adversarialLoss: isCycle ? means[0] : nil,
      cycleLoss: isCycle ? means[1] : nil, identityLoss: isCycle ? means[2] : nil,
      discriminatorLoss: isCycle ? means[3] : nil, delayLoss: isCycle ? nil : means[0],
      learningRate: learningRate, secondsPerIteration: secondsPerIteration,
      validationErrorCM: validation?[0], validationDelayCM: validation?[1])
  }

  package func restore(_ checkpoint: NetworkCheckpoint<AtmosphereConfiguration>) throws {
    try checkpoint.load(objects)
    iteration = checkpoint.iteration
    queue.stop()
    queue = Self.queue(configuration, samples, slice, from: iteration)
  }

  package func writeNetwork(sources: [String], to path: String) throws {
    try AtmosphereFile.write(
      average.average,
      AtmosphereDescription(
        architecture: configuration.architecture, method: configuration.method,
        scaleCM: configuration.data.scaleCM, iterations: iteration,
        samplesSeen: iteration * configuration.batchSize, sizePixels: samples.size,
        sources: sources), to: path)
  }

  // MARK: - Samples

  private static func queue(
    _ configuration: AtmosphereConfiguration, _ samples: AtmosphereSamples, _ slice: Range<Int>,
    from iteration: Int
  ) -> OrderedQueue<AtmosphereBatch> {
    OrderedQueue(
      from: iteration, capacity: configuration.data.prefetchedBatches,
      threads: configuration.data.workerThreads, name: "maps"
    ) { number in
      try batch(configuration, samples, slice, number)
    }
  }

  /// A slice of the batch of an iteration.
  static func batch(
    _ configuration: AtmosphereConfiguration, _ samples: AtmosphereSamples, _ slice: Range<Int>,
    _ number: Int
  ) throws -> AtmosphereBatch {
    var batch = AtmosphereBatch(size: samples.size)
    for position in slice.map({ number * configuration.batchSize + $0 }) {
      var random = CounterRandom(configuration.seed, .phaseNetworkSamples, UInt64(position))
      // Files are drawn from at random; a recipe has a new sample each time.
      if configuration.method == .supervised, let known = samples.known {
        let place = samples.knownCount.map { random.integer(below: $0) } ?? position
        let change = SampleChange(&random, unknownCoherence: 0)
        let sample = try known(place)
        batch.add(with: sample.withAtmosphereCM, without: sample.deformationCM, change, change)
      } else {
        let place = samples.withCount.map { random.integer(below: $0) } ?? position
        let other = samples.withoutCount.map { random.integer(below: $0) } ?? position
        let changes = (0..<2).map { _ in SampleChange(&random, unknownCoherence: 0) }
        batch.add(
          with: try samples.with(place), without: try samples.without(other), changes[0],
          changes[1])
      }
    }
    return batch
  }

  /// The first samples of a part whose atmosphere is known, in batches and unchanged.
  package static func validation(
    _ samples: AtmosphereSamples, _ configuration: AtmosphereConfiguration
  ) throws -> [AtmosphereBatch] {
    guard let known = samples.known else { return [] }
    let count = min(configuration.output.validationSamples, samples.knownCount ?? .max)
    return try stride(from: 0, to: count, by: 8).map { start in
      var batch = AtmosphereBatch(size: samples.size)
      for number in start..<min(count, start + 8) {
        let sample = try known(number)
        batch.add(
          with: sample.withAtmosphereCM, without: sample.deformationCM, SampleChange(),
          SampleChange())
      }
      return batch
    }
  }
}

extension AtmosphereBatch {
  mutating func add(
    with: [Float], without: [Float], _ withChange: SampleChange, _ withoutChange: SampleChange
  ) {
    self.with += with
    self.without += without
    withChanges.append(withChange)
    withoutChanges.append(withoutChange)
  }
}
