import Kernel
import TorchCore
import TorchProcesses

/// What a run folder gets, and how often.
public struct NetworkOutput: Sendable, Equatable, Codable {
  public var statisticsEveryIterations = 20
  public var checkpointEveryIterations = 200
  /// Samples of the validation part that are evaluated at each checkpoint.
  public var validationSamples = 32

  package init() {}

  package func check(_ check: inout ParameterCheck) {
    check.inside("output.statisticsEveryIterations", Double(statisticsEveryIterations), 1...1e9)
    check.inside("output.checkpointEveryIterations", Double(checkpointEveryIterations), 1...1e9)
    check.inside("output.validationSamples", Double(validationSamples), 0...100_000)
  }
}

/// How a run is computed.
public struct NetworkExecution: Sendable, Equatable, Codable {
  public var device = DeviceChoice.auto
  /// Number of threads within an operation; 0 for LibTorch's default.
  public var threads = 0

  package init() {}

  /// The device of this process, with LibTorch's options for it.
  package func prepare(_ processes: TrainingProcesses) throws -> Device {
    let device = try processes.device(self.device)
    if threads > 0 { Runtime.threads = threads }
    if case .cuda = device { try Runtime.setCUDAOptions(benchmark: true, allowTF32: true) }
    return device
  }
}
