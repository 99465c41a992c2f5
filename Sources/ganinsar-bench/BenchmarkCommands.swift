import ArgumentParser
import Commands
import Datasets
import DurableFiles
import Foundation
import GANTraining
import InSARPhase
import Patches
import Settings
import TorchCore

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
  @Option(help: "Samples that a thread makes in a repetition.")
  var samples = 400
  @Option(help: "Timed repetitions, after one to warm up; the median counts.")
  var repetitions = 5
  @Option(help: "Instead of timing: a file for the first eight samples, for other code to check.")
  var save: String?

  func validate() throws {
    try require("--size", size, in: 8...8192)
    try require("--looks", looks, in: 1...10_000)
    try require("--threads", threads, in: 1...1024)
    try require("--samples", samples, in: 1...1_000_000)
    try require("--repetitions", repetitions, in: 1...1_000_000)
  }

  func run() throws {
    var settings = SampleSettings()
    settings.size = size
    settings.model.components.append(.stratification)
    settings.model.decorrelation.looks = looks
    if let save {
      try ComposeBenchmark.save(settings, count: 8, to: save)
      return
    }
    try printJSON(
      ComposeBenchmark(
        settings: settings, threads: threads, samples: samples, repetitions: repetitions))
  }
}
