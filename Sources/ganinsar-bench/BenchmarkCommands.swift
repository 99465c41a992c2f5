import ArgumentParser
import Commands
import Datasets
import DurableFiles
import Foundation
import GANTraining
import Patches
import Settings

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
  @Option(help: "Instead of timing: a folder for the first iterations, for other code to repeat.")
  var save: String?

  func validate() throws {
    try require("--iterations", iterations, in: 1...1_000_000)
  }

  func run() throws {
    let configuration = try ConfigurationOverlay.resolve(
      defaults: TrainingConfiguration(), yamlFile: config, sets: set)
    let data = try RateDataset.open(dataset)
    guard let save else {
      try printJSON(TrainingBenchmark(configuration, dataset: data, iterations: iterations))
      return
    }
    try AtomicFolder.makeFolders(save)
    for (name, cutMix) in [("plain", 0.0), ("cutmix", 1.0)] {
      try TrainingBenchmark.saveFirstIterations(
        configuration, dataset: data, cutMix: cutMix, to: "\(save)/\(name).safetensors")
    }
  }
}

struct LoadingBenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loading",
    abstract: "Time the drawing of training patches from a dataset.")

  @Argument(help: "The folder that 'ganinsar prepare' wrote.")
  var dataset: String
  @Option(name: .long, parsing: .singleValue, help: "KEY.PATH=VALUE, as data.* of a training.")
  var set: [String] = []
  @Option(help: "Pixels a side of a patch.")
  var patchSize = 64
  @Option(help: "Patches a batch.")
  var batch = 16
  @Option(help: "Timed batches.")
  var batches = 200
  @Option(help: "Instead of timing: a folder for the first 64 patches, for other code to check.")
  var save: String?

  func validate() throws {
    try require("--patch-size", patchSize, in: 8...4096)
    try require("--batch", batch, in: 1...65_536)
    try require("--batches", batches, in: 1...1_000_000)
  }

  func run() throws {
    let data = try RateDataset.open(dataset)
    let configuration = try ConfigurationOverlay.resolve(
      defaults: PatchLoaderConfiguration(), yamlFile: nil, sets: set)
    guard let save else {
      try printJSON(
        LoadingBenchmark(
          dataset: data, configuration: configuration, patchSize: patchSize, batchSize: batch,
          batches: batches))
      return
    }
    try LoadingBenchmark.save(
      dataset: data, configuration: configuration, patchSize: patchSize, count: 64, to: save)
  }
}
