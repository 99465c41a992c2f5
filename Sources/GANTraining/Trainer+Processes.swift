import DurableFiles
import Foundation
import Patches
import RunSupport
import TorchCore
import TorchNN

/// What several processes that train one model need to agree on.
extension Trainer {
  /// The slice of each batch that this process handles.
  /// - Throws: `RunError.configuration` if the batch cannot be divided evenly among the processes.
  static func share(ofBatch batchSize: Int, _ processes: TrainingProcesses) throws -> BatchShare {
    guard batchSize % processes.count == 0 else {
      throw RunError.configuration(faults: [
        "batchSize is \(batchSize), which \(processes.count) processes cannot share evenly: "
          + "use a multiple of \(processes.count)"
      ])
    }
    return BatchShare(index: processes.rank, count: processes.count, total: batchSize)
  }

  /// Copies the state of process 0 to all processes.
  /// - Throws: `TrainingError.processesDiffer` if their settings or states differ.
  func synchronizeState() throws {
    guard processes.count > 1 else { return }
    var configuration = configuration
    configuration.execution = .init()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let settings = SHA256.hex(of: try encoder.encode(configuration))
    try processes.checkSame(
      "intent", "\(settings) from iteration \(iteration)",
      else: "has other settings, data or another checkpoint than process 0")
    for (_, object) in objects {
      try processes.broadcast(try object.state().sorted { $0.key < $1.key }.map(\.value))
    }
  }

  /// - Throws: `TrainingError.processesDiffer` if the weights of the processes differ, which can
  ///   happen on different processors.
  func checkWeightsAgree() throws {
    guard processes.count > 1 else { return }
    try processes.checkSimilar(generator.parameters() + discriminator.parameters())
  }

  /// Windows tried so far by all processes, each of which has drawn those of its own slices.
  func rejections() throws -> RejectionReport {
    guard processes.count > 1 else { return loader.rejections }
    let epochs = Int(epoch) + 1
    let own = (0..<epochs).flatMap {
      loader.rejections.perEpoch[$0, default: RejectionCounts()].numbers
    }
    let all = try processes.sums(own.map(Double.init)).map { Int($0) }
    var result = RejectionReport()
    let width = own.count / epochs
    for epoch in 0..<epochs {
      let counts = RejectionCounts(numbers: Array(all[(epoch * width)..<((epoch + 1) * width)]))
      if counts.tried > 0 { result.perEpoch[epoch] = counts }
    }
    return result
  }
}

extension RejectionCounts {
  fileprivate var numbers: [Int] { [accepted] + RejectionRule.allCases.map { self[$0] } }

  fileprivate init(numbers: [Int]) {
    self.init()
    accepted = numbers[0]
    for (rule, number) in zip(RejectionRule.allCases, numbers.dropFirst()) { self[rule] = number }
  }
}
