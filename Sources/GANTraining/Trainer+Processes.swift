import Patches
import TorchCore
import TorchNN
import TorchProcesses

/// What several processes that train one model need to agree on.
extension Trainer {
  /// Copies the state of process 0 to all processes.
  /// - Throws: `ProcessError.differ` if their settings or iterations differ.
  func synchronizeState() throws {
    var settings = configuration
    settings.execution = .init()
    try processes.synchronize(objects, settings: settings, iteration: iteration)
  }

  /// - Throws: `ProcessError.differ` if the weights of the processes differ, which can
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
