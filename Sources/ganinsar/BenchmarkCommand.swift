import ArgumentParser
import Foundation
import GANTraining
import PatchData
import RunSupport

struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Time training iterations and generation on a dataset; prints one line of JSON.")

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
    let result = try TrainingBenchmark(
      configuration, dataset: try RateDataset.open(dataset), iterations: iterations)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(result), as: UTF8.self))
  }
}
