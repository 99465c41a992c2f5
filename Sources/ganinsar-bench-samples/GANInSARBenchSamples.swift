import ArgumentParser
import Foundation
import InSARPhase
import Kernel

/// Measures the making of samples; not shipped. It is a program of its own, without LibTorch and
/// GDAL, so that the memory of the process is what samples need.
@main
struct GANInSARBenchSamples: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar-bench-samples",
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
    func require(_ option: String, _ value: Double, in range: ClosedRange<Int>) throws {
      guard (Double(range.lowerBound)...Double(range.upperBound)).contains(value) else {
        throw ValidationError("\(option): give \(range.lowerBound) to \(range.upperBound).")
      }
    }
    try require("--size", Double(size), in: 8...8192)
    try require("--looks", looks, in: 1...10_000)
    try require("--threads", Double(threads), in: 1...1024)
    try require("--samples", Double(samples), in: 1...1_000_000)
    try require("--repetitions", Double(repetitions), in: 1...1_000_000)
  }

  func run() throws {
    FreedMemory.keep()  // as `ganinsar` does
    var settings = SampleSettings()
    settings.size = size
    settings.model.components.append(.stratification)
    settings.model.decorrelation.looks = looks
    if let save {
      try ComposeBenchmark.save(settings, count: 8, to: save)
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let result = try ComposeBenchmark(
      settings: settings, threads: threads, samples: samples, repetitions: repetitions)
    print(String(decoding: try encoder.encode(result), as: UTF8.self))
  }
}
