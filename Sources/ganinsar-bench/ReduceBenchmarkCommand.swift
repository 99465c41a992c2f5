import ArgumentParser
import Commands
import Foundation
import RunSupport
import TorchProcesses

struct ReduceBenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reduce",
    abstract: "Time the sum of float32 numbers over the processes that torchrun or srun started.")

  @Option(help: "Numbers in a message, in thousands; separated by commas.")
  var thousands = "1,100,1000,10000"
  @Option(help: "Timed repetitions, after two to warm up; the median counts.")
  var repetitions = 9

  func validate() throws {
    try require("--repetitions", repetitions, in: 1...1_000_000)
  }

  func run() throws {
    let counts = try thousands.split(separator: ",").map { text in
      guard let count = Int(text), (1...1_000_000).contains(count) else {
        throw ValidationError("--thousands '\(text)': give whole numbers from 1 to 1000000.")
      }
      return count * 1000
    }
    let processes = try TrainingProcesses(
      LaunchEnvironment(ProcessInfo.processInfo.environment), timeoutSeconds: 300)
    let result = try ReduceBenchmark(processes, counts: counts, repetitions: repetitions)
    guard processes.isFirst else { return }
    try printJSON(result)
  }
}
