import DurableFiles
import Foundation
import InSARPhase
import Kernel
import RasterIO
import RunSupport

/// Scores of a network, and of what needs no training, on samples whose truth is known.
package struct NetworkScoring {
  package var samples: PhaseSamples
  package var count: Int
  package var processor: PhaseProcessor
  /// Whether the network is told the coherence.
  package var knowsCoherence = true
  package var goldstein: GoldsteinFilter
  /// Whether the floors are scored too.
  package var withFloors = true
  /// Folder for the planes of all samples, as .npy [samples, size, size]; `nil`: none are written.
  package var planes: String?

  package init(samples: PhaseSamples, count: Int, processor: PhaseProcessor) {
    (self.samples, self.count, self.processor) = (samples, count, processor)
    goldstein = GoldsteinFilter()
    goldstein.alpha = 0.8
  }

  /// - Parameter progress: called with the number of samples done; what it throws ends the work.
  package func run(_ progress: (Int) throws -> Void = { _ in }) throws -> [PhaseScore] {
    var network = PhaseScoreSum("network")
    var filter = PhaseScoreSum("goldstein \(goldstein.alpha)")
    var none = PhaseScoreSum("no filter")
    var written: [String: [Float]] = [:]
    for number in 0..<count {
      let sample = try samples.sample(number)
      let side = sample.size
      let start = ProcessUsage.current().cpuSeconds
      let result = try processor.process(
        sample.wrappedRadians, coherence: knowsCoherence ? sample.coherence : nil, width: side,
        height: side)
      network.add(
        sample, filteredRadians: result.filteredRadians,
        unwrappedRadians: result.filteredUnwrappedRadians,
        uncertaintyRadians: result.uncertaintyRadians, regions: result.regions,
        cpuSeconds: ProcessUsage.current().cpuSeconds - start)
      if withFloors {
        let filtered = try addFloor(sample, result.regions, &filter) {
          try goldstein.filtered($0, width: side, height: side)
        }
        _ = try addFloor(sample, result.regions, &none) { $0 }
        if planes != nil { written["goldstein", default: []] += filtered }
      }
      if planes != nil {
        for (name, plane) in [
          ("wrapped", sample.wrappedRadians), ("clean", sample.cleanRadians),
          ("coherence", sample.coherence), ("filtered", result.filteredRadians),
          ("unwrapped", result.filteredUnwrappedRadians),
          ("uncertainty", result.uncertaintyRadians),
        ] { written[name, default: []] += plane }
      }
      try progress(number + 1)
    }
    if let planes {
      try AtomicFolder.makeFolders(planes)
      for (name, values) in written {
        try NpyArray(shape: [count, samples.size, samples.size], values: values)
          .write(to: "\(planes)/\(name).npy")
      }
    }
    return [network.result]
      + (withFloors
        ? [filter, none].map { sum in
          var score = sum.result
          score.reliability = []
          return score
        } : [])
  }

  /// - Returns: the filtered phase.
  private func addFloor(
    _ sample: PhaseSample, _ regions: [Int32], _ sum: inout PhaseScoreSum,
    _ filter: ([Float]) throws -> [Float]
  ) throws -> [Float] {
    let start = ProcessUsage.current().cpuSeconds
    let filtered = try filter(sample.wrappedRadians)
    let costs = CycleCosts(
      wrappedRadians: filtered, coherence: sample.coherence, width: sample.size,
      height: sample.size)
    let solution = try UnwrappedPhase(filtered, costs: costs)
    let unwrapped = filtered.indices.map {
      Float(Double(filtered[$0]) + 2 * Double.pi * Double(solution.cycles[$0]))
    }
    sum.add(
      sample, filteredRadians: filtered, unwrappedRadians: unwrapped, uncertaintyRadians: nil,
      regions: regions, cpuSeconds: ProcessUsage.current().cpuSeconds - start)
    return filtered
  }
}
