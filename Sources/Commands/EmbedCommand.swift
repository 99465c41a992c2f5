import ArgumentParser
import DurableFiles
import Foundation
import NeighborEmbedding
import RasterIO
import Rasters
import RunSupport

struct EmbedCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Lay out feature vectors in the plane with t-SNE.",
    discussion: """
      Reads an .npy array [N, D], writes an .npy array [N, 2] and prints one line of JSON with the \
      KL divergence and the seconds taken. The same input and seed give the same file on any \
      number of threads.
      """)

  @Argument(help: "An .npy file [N, D], one vector a row.")
  var features: String
  @Option(name: .shortAndLong, help: "The .npy file [N, 2] to write.")
  var output: String
  @Option(help: "The number of neighbours that a point effectively has.")
  var perplexity = TSNE().perplexity
  @Option(help: "Iterations after the 250 with early exaggeration.")
  var iterations = TSNE().iterations
  @Option(help: "Of the jitter and of large principal component analyses.")
  var seed: UInt64 = 0
  @Option(help: "Threads; the result does not depend on it (default: one a processor).")
  var threads = TSNE().threads

  @Flag(help: "Replace the file that stands there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func run() throws {
    Interruption.install(endingWithin: 1)
    let claim = try AtomicFile.claim(output, overwrite: overwrite)
    defer { withExtendedLifetime(claim) {} }
    let array = try NpyArray.read(features)
    guard array.shape.count == 2 else {
      throw RasterError.doesNotFit(
        path: features, reason: "its shape is \(array.shape)",
        remedy: "Give an array [N, D], one vector a row.")
    }
    let points = try PointMatrix(array.values, count: array.shape[0], dimension: array.shape[1])
    var settings = TSNE()
    (settings.perplexity, settings.iterations) = (perplexity, iterations)
    (settings.seed, settings.threads) = (seed, threads)
    try settings.validate(count: points.count)
    let progress = ProgressReporter(
      "embedding", total: settings.earlyIterations + iterations, unit: "iterations")
    let start = Date()
    let embedding = try settings.embed(points) { progress.update(to: $0) }
    let seconds = Date().timeIntervalSince(start)
    progress.finish()
    try NpyArray(shape: [embedding.count, 2], values: embedding.positions).write(to: output)
    let summary: [String: Double] = [
      "points": Double(embedding.count), "klDivergence": embedding.klDivergence,
      "seconds": seconds,
    ]
    try printJSON(summary)
  }
}
