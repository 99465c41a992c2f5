import Kernel
import Simulators

/// Provides the samples of a job in order, computed ahead on all cores.
package final class ParallelSamples {
  private let job: SimulationJob
  private var ready: [Int: SimulatedSample] = [:]

  package init(_ job: SimulationJob) { self.job = job }

  /// Sample `index`; the next ones are computed together with it.
  /// - Throws: `SimulatorError.notFinite`, or what the preset throws.
  package func sample(_ index: Int) throws -> SimulatedSample {
    if let sample = ready.removeValue(forKey: index) { return sample }
    let job = job
    let batch = index..<max(index + 1, min(index + SimulationJob.batchSize, job.count))
    let results = Parallel.results(batch) { try job.finiteSample($0) }
    ready = [:]
    for (index, result) in zip(batch, results) { ready[index] = try result.get() }
    guard let sample = ready.removeValue(forKey: index) else {
      throw SimulatorError.notFinite(preset: job.preset.name, sample: index)
    }
    return sample
  }
}
