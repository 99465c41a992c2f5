import ArgumentParser
import Foundation
import GANTraining
import InSARPhase
import PatchData
import RunSupport
import TorchCore

struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Time training or the making of samples; prints one line of JSON.",
    subcommands: [
      TrainingBenchmarkCommand.self, ComposeBenchmarkCommand.self, ReduceBenchmarkCommand.self,
    ],
    defaultSubcommand: TrainingBenchmarkCommand.self)
}

struct TrainingBenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Time training iterations and generation on a dataset.")

  @Argument(help: "The folder that 'ganinsar prepare' wrote.")
  var dataset: String
  @Option(help: "A YAML file of settings, such as configs/small.yaml.")
  var config: String?
  @Option(name: .long, parsing: .singleValue, help: "KEY.PATH=VALUE. Repeat for more.")
  var set: [String] = []
  @Option(help: "Timed iterations of each kind, after two to warm up.")
  var iterations = 5

  func validate() throws {
    if iterations < 1 { throw ValidationError("--iterations takes 1 or more.") }
  }

  func run() throws {
    let configuration = try ConfigurationOverlay.resolve(
      defaults: TrainingConfiguration(), yamlFile: config, sets: set)
    try printJSON(
      TrainingBenchmark(
        configuration, dataset: RateDataset.open(dataset), iterations: iterations))
  }
}

struct ComposeBenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compose",
    abstract: "Time complete wrapped samples: deformation, two atmospheres, ramp, decorrelation.")

  @Option(help: "Rows and columns of a sample.")
  var size = 256
  @Option(help: "Independent looks of the decorrelation noise.")
  var looks = 1.0
  @Option(help: "Threads; each has its own composer.")
  var threads = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "Samples composed together.")
  var batch = 4
  @Option(help: "Batches a thread makes in a repetition.")
  var batches = 100
  @Option(help: "Timed repetitions, after one to warm up; the median counts.")
  var repetitions = 5
  @Option(help: "cpu, cuda, cuda:N or auto.")
  var device = "cpu"

  func run() throws {
    var settings = SampleSettings()
    settings.size = size
    settings.model.components.append(.stratification)
    settings.model.decorrelation.looks = looks
    try printJSON(
      ComposeBenchmark(
        settings: settings, threads: threads, batch: batch, batches: batches,
        repetitions: repetitions, device: Device.named(device)))
  }
}

private func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
