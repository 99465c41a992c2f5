import ArgumentParser
import Commands
import Foundation
import RunSupport
import TorchProcesses

/// Options of a training that several processes may do.
struct ProcessOptions: ParsableArguments {
  @Option(
    help: .init(
      "The time after which a process that does not answer counts as lost.",
      valueName: "seconds"))
  var timeout = 1800.0

  func validate() throws {
    try require("--timeout", timeout, in: 0.001...10_000_000, unit: "seconds")
  }

  /// The processes that torchrun or srun started, or this one alone.
  func processes() throws -> TrainingProcesses {
    try TrainingProcesses(
      LaunchEnvironment(ProcessInfo.processInfo.environment), timeoutSeconds: timeout)
  }
}
