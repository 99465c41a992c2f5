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
    abstract: "Embed feature vectors in two dimensions with t-SNE.",
    discussion: """
      Reads an .npy array [N, D], writes an .npy array [N, 2] and prints one line of JSON with the \
      KL divergence and the time in seconds. The same input and seed give the same file with any \
      number of threads.
      """.withExamples(
        "ganinsar embed features.npy -o embedding.npy",
        "ganinsar embed features.npy -o embedding.npy --perplexity 50 --seed 1 --threads 4"))

  @Argument(help: "An .npy file [N, D], one vector per row.")
  var features: String
  @OptionGroup(title: "t-SNE") var method: MethodOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct MethodOptions: ParsableArguments {
    @Option(help: .init("Effective number of neighbors of a point.", valueName: "number"))
    var perplexity = TSNE().perplexity
    @Option(
      help: .init("Iterations after the 250 with early exaggeration.", valueName: "number"))
    var iterations = TSNE().iterations
    @Option(
      help: .init(
        "The seed of the jitter and of large principal component analyses.", valueName: "number"))
    var seed: UInt64 = 0
    @Option(
      help: .init(
        "Number of threads; the result does not depend on it (default: one per processor).",
        valueName: "number"))
    var threads: Int?
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The .npy file [N, 2] to write.", valueName: "file"))
    var output: String
    @Flag(help: "Replace an existing file.")
    var overwrite = false
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let claim = try AtomicFile.claim(out.output, overwrite: out.overwrite)
    defer { withExtendedLifetime(claim) {} }
    let array = try NpyArray.read(features)
    guard array.shape.count == 2 else {
      throw RasterError.doesNotFit(
        path: features, reason: "its shape is \(array.shape)",
        remedy: "Give an array [N, D], one vector a row.")
    }
    let points = try PointMatrix(array.values, count: array.shape[0], dimension: array.shape[1])
    var settings = TSNE()
    (settings.perplexity, settings.iterations) = (method.perplexity, method.iterations)
    settings.seed = method.seed
    if let threads = method.threads { settings.threads = threads }
    try settings.validate(count: points.count)
    let progress = ProgressReporter(
      "embedding", total: settings.earlyIterations + settings.iterations, unit: "iterations")
    let start = Date()
    let embedding = try settings.embed(points) { progress.update(to: $0) }
    let seconds = Date().timeIntervalSince(start)
    progress.finish()
    try NpyArray(shape: [embedding.count, 2], values: embedding.positions).write(to: out.output)
    let summary: [String: Double] = [
      "points": Double(embedding.count), "klDivergence": embedding.klDivergence,
      "seconds": seconds,
    ]
    try printJSON(summary)
  }
}
