import Foundation
import Kernel
import NetworkRuns
import TorchCore
import TorchNN
import TorchProcesses

/// One line of `stats.jsonl`.
package struct NetworkStatistics: NetworkStatisticsLine, Equatable {
  package var step: Int
  /// Mean negative log-likelihood of the clean phase, in nats.
  package var phaseLoss: Double
  /// Mean cross-entropy of the edges, in nats.
  package var edgeLoss: Double
  package var learningRate: Double
  package var secondsPerIteration: Double
  /// Of the averaged network on the validation samples, where it was evaluated.
  package var validationPhaseLoss: Double?
  package var validationEdgeLoss: Double?

  package var summary: String {
    "phase \(phaseLoss.decimals(3))  edges \(edgeLoss.decimals(4))"
  }

  package var validationSummary: String? {
    guard let validationPhaseLoss, let validationEdgeLoss else { return nil }
    return "\(validationPhaseLoss.decimals(4)) nats, edges \(validationEdgeLoss.decimals(4))"
  }
}

/// A network, its optimizer, its moving average and its samples, and one training iteration.
///
/// Samples and their changes are functions of the seed and of their number, so the state is that of
/// `objects` and one counter.
package final class NetworkTrainer: NetworkTraining {
  package let configuration: NetworkConfiguration
  package let samples: PhaseSamples
  let device: Device
  let network: PhaseNetwork
  let average: ExponentialMovingAverage<PhaseNetwork>
  let optimizer: Adam
  package let processes: TrainingProcesses
  /// The samples of each batch that this process handles.
  private let slice: Range<Int>
  package private(set) var iteration = 0
  private var queue: OrderedQueue<PhaseBatch>

  /// - Throws: `PhaseNetworkError.samples` for a size that the levels do not divide, `TorchError`.
  package init(
    _ configuration: NetworkConfiguration, samples: PhaseSamples,
    processes: TrainingProcesses = TrainingProcesses()
  ) throws {
    self.configuration = configuration
    self.samples = samples
    self.processes = processes
    slice = try processes.slice(ofBatch: configuration.batchSize)
    let multiple = configuration.architecture.sizeMultiple
    guard samples.size % multiple == 0 else {
      throw PhaseNetworkError.samples(
        path: "the samples", reason: "they have \(samples.size) x \(samples.size) pixels",
        remedy: "Give samples.size a multiple of \(multiple), or lower architecture.levels.")
    }
    device = try configuration.execution.prepare(processes)
    let random = try RandomGenerator(seed: configuration.seed, .phaseNetworkWeights)
    network = try PhaseNetwork(configuration.architecture, random)
    let copy = try PhaseNetwork(configuration.architecture, random)
    for module in [network, copy] { try module.move(to: device) }
    average = try ExponentialMovingAverage(of: network, in: copy)
    optimizer = try Adam(
      network, options: AdamOptions(learningRate: configuration.optimizer.learningRate))
    queue = Self.queue(configuration, samples, slice, from: 0)
  }

  deinit { queue.stop() }

  /// What has a state that training changes, by the name that checkpoints give it.
  package var objects: KeyValuePairs<String, any Stateful> {
    ["network": network, "average": average, "optimizer": optimizer]
  }

  package func parameters() throws -> [Tensor] { try network.parameters() }
  package static func identity(_ samples: PhaseSamples) -> String { samples.identity }

  struct Losses {
    let phase: PixelMean
    let edges: PixelMean
  }

  /// One iteration.
  /// - Returns: the losses of phase and edges, detached; their means over the processes are those of the whole batch.
  package func step() throws -> [Tensor] {
    let batch = try queue.next()
    optimizer.options.learningRate = configuration.learningRate(at: iteration)
    try optimizer.clearGradients()
    let losses = try losses(network, batch)
    // With a common divisor the mean of the processes' gradients is the gradient of the whole batch.
    try processes.average { [losses.phase.count, losses.edges.count] }
    let (phase, edges) = (try losses.phase.value(), try losses.edges.value())
    try (phase + edges * configuration.loss.edgeWeight).backward()
    try processes.average(optimizer.gradients)
    try limitGradients()
    try optimizer.step()
    iteration += 1
    try average.update(decay: configuration.schedule.averageDecay(after: iteration))
    return [try phase.detached(), try edges.detached()]
  }

  private func losses(_ network: PhaseNetwork, _ batch: PhaseBatch) throws -> Losses {
    let plain = try batch.tensors()
    let (input, clean) = (
      try plain.input.channelsLast().sent(to: device), try plain.clean.sent(to: device)
    )
    let output = try network(input)
    let valid = try input.narrow(1, from: 4, length: 1)
    let parts = try output.phasor.detached().split(1, parts: 2)
    return Losses(
      phase: try PhaseLoss.phase(output, clean: clean, valid: valid),
      edges: try PhaseLoss.edges(
        output.edges, filtered: parts[1].atan2(parts[0]), clean: clean, valid: valid))
  }

  private func limitGradients() throws {
    let gradients = try optimizer.gradients()
    let squares = try gradients.map { try $0.square().sum() }
    let length = try Tensor.stack(squares).sum().item().squareRoot()
    let limit = configuration.optimizer.gradientLimit
    guard length > limit else { return }
    for gradient in gradients { try gradient.multiply_(limit / length) }
  }

  /// Mean losses of the averaged network.
  package func evaluate(_ batches: [PhaseBatch]) throws -> [Double]? {
    guard !batches.isEmpty else { return nil }
    return try withoutGradients {
      var sums = [0.0, 0.0]
      for batch in batches {
        let losses = try losses(average.average, batch)
        sums[0] += try losses.phase.value().item() / Double(batches.count)
        sums[1] += try losses.edges.value().item() / Double(batches.count)
      }
      return sums
    }
  }

  /// Puts the trainer where a checkpoint was: the next samples are those of a run without a stop.
  package func restore(_ checkpoint: NetworkCheckpoint<NetworkConfiguration>) throws {
    try checkpoint.load(objects)
    iteration = checkpoint.iteration
    queue.stop()
    queue = Self.queue(configuration, samples, slice, from: iteration)
  }

  private static func queue(
    _ configuration: NetworkConfiguration, _ samples: PhaseSamples, _ slice: Range<Int>,
    from iteration: Int
  ) -> OrderedQueue<PhaseBatch> {
    OrderedQueue(
      from: iteration, capacity: configuration.data.prefetchedBatches,
      threads: configuration.data.workerThreads, name: "phase samples"
    ) { number in
      try batch(configuration, samples, slice, number)
    }
  }

  /// A slice of the batch of an iteration.
  private static func batch(
    _ configuration: NetworkConfiguration, _ samples: PhaseSamples, _ slice: Range<Int>,
    _ number: Int
  ) throws -> PhaseBatch {
    var chosen: [PhaseSample] = []
    var changes: [SampleChange] = []
    for position in slice.map({ number * configuration.batchSize + $0 }) {
      var random = CounterRandom(configuration.seed, .phaseNetworkSamples, UInt64(position))
      // A dataset is drawn from at random; a recipe has a new sample each time.
      let index = samples.count.map { random.integer(below: $0) } ?? position
      chosen.append(try samples.sample(index))
      changes.append(
        SampleChange(&random, unknownCoherence: configuration.data.unknownCoherence))
    }
    return PhaseBatch(chosen, changes: changes)
  }

  /// The first samples of a part in batches, unchanged.
  package static func validation(_ samples: PhaseSamples, _ configuration: NetworkConfiguration)
    throws
    -> [PhaseBatch]
  {
    let count = min(configuration.output.validationSamples, samples.count ?? .max)
    return try stride(from: 0, to: count, by: 8).map { start in
      let chosen = try (start..<min(count, start + 8)).map(samples.sample)
      return PhaseBatch(chosen, changes: chosen.map { _ in SampleChange() })
    }
  }

  package func line(
    means: [Double], learningRate: Double, secondsPerIteration: Double, validation: [Double]?
  ) -> NetworkStatistics {
    NetworkStatistics(
      step: iteration, phaseLoss: means[0], edgeLoss: means[1], learningRate: learningRate,
      secondsPerIteration: secondsPerIteration, validationPhaseLoss: validation?[0],
      validationEdgeLoss: validation?[1])
  }

  package func writeNetwork(sources: [String], to path: String) throws {
    try NetworkFile.write(
      average.average,
      NetworkDescription(
        architecture: configuration.architecture, iterations: iteration,
        samplesSeen: iteration * configuration.batchSize, sizePixels: samples.size,
        sources: sources), to: path)
  }
}

/// The training of a network that filters and unwraps.
package typealias NetworkRun = NetworkTrainingRun<NetworkTrainer>
