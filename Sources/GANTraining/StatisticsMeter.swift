import Kernel
import TorchCore

/// Collects the losses of iterations, and the time that they take, until they are reported.
struct StatisticsMeter {
  private var losses: [StepLosses] = []
  private var timer = IntervalTimer()

  /// Whether no iteration has come since the last report.
  var isEmpty: Bool { losses.isEmpty }

  mutating func add(_ step: StepLosses) { losses.append(step) }

  /// Leaves out of the time what went by since `pause` was made.
  mutating func leaveOut(since pause: IntervalTimer) { timer.leaveOut(since: pause) }

  /// Starts the clock anew; the losses stay.
  mutating func restartClock() { timer = IntervalTimer() }

  /// Means over the iterations since the last report and over the processes, each of which calls this.
  ///
  /// - Parameter lastCheckpoint: for the error's advice.
  /// - Throws: `TrainingError.lossNotFinite` naming the first of these iterations.
  mutating func report(
    _ trainer: Trainer, evaluation: TrainingEvaluation?, lastCheckpoint: String?
  ) throws -> TrainingStatistics {
    let own = try means()
    let elapsed = timer.lap()
    let processes = trainer.processes
    let total = try processes.sums(own + [elapsed.cpuSeconds, Double(trainer.loader.waits)])
    let means = total.prefix(own.count).map { $0 / Double(processes.count) }
    for loss in means.prefix(2) where !loss.isFinite {
      throw TrainingError.lossNotFinite(
        iteration: trainer.iteration - losses.count + 1, lastCheckpoint: lastCheckpoint)
    }
    let count = Double(max(1, losses.count))
    let device = try Runtime.memoryBytes(trainer.device)
    let statistics = TrainingStatistics(
      step: trainer.iteration, epoch: trainer.epoch,
      patchesSeen: trainer.iteration * trainer.configuration.batchSize,
      lossDiscriminator: means[0], lossGenerator: means[1], logitReal: means[2],
      logitFake: means[3],
      secondsPerIteration: elapsed.wallSeconds / count,
      cpuSecondsPerIteration: total[own.count] / count, dataWaits: Int(total[own.count + 1]),
      acceptedShare: try trainer.rejections().total.acceptance,
      peakMemoryBytes: ProcessUsage.current().peakMemoryBytes,
      peakDeviceMemoryBytes: device.peak, evaluation: evaluation)
    losses.removeAll()
    return statistics
  }

  /// Losses of discriminator and generator, logits of real and generated patches.
  private func means() throws -> [Double] {
    let parts = [\StepLosses.discriminator, \.generator, \.realLogit, \.fakeLogit]
    return try parts.map { part in
      try losses.isEmpty ? 0 : Tensor.stack(losses.map { $0[keyPath: part] }).mean().item()
    }
  }
}
