import GANTraining
import Kernel
import TorchCore
import TorchProcesses

/// Measures the time of the all-reduce that averages gradients.
struct ReduceBenchmark: Codable, Sendable {
  struct Message: Codable, Sendable {
    let bytes: Int
    /// Median wall time of process 0, in s.
    let seconds: Double
    /// CPU seconds of all processes together, mean over the repetitions.
    let cpuSeconds: Double
  }

  let processes: Int
  let messages: [Message]

  /// - Parameter counts: the number of float32 values in each message.
  /// - Throws: `ProcessError.differ` if a sum is wrong.
  init(_ processes: TrainingProcesses, counts: [Int], repetitions: Int) throws {
    self.processes = processes.count
    messages = try counts.map { count in
      let tensor = try Tensor.zeros([count])
      var walls: [Double] = []
      var cpu = 0.0
      for repetition in 0..<(repetitions + 2) {
        try tensor.fill_(Double(processes.rank + 1))
        try processes.finish()
        var timer = IntervalTimer()
        try processes.sum([tensor])
        let lap = timer.lap()
        if repetition >= 2 {
          walls.append(lap.wallSeconds)
          cpu += lap.cpuSeconds
        }
      }
      let expected = Double(processes.count * (processes.count + 1) / 2)
      guard try tensor.min().item() == expected, try tensor.max().item() == expected else {
        throw ProcessError.differ(reason: "the sum of \(count) numbers is wrong")
      }
      return Message(
        bytes: 4 * count, seconds: Percentile.upperMedian(walls),
        cpuSeconds: try processes.sums([cpu])[0] / Double(repetitions))
    }
    try processes.finish()
  }
}
