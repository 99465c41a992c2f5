import ArgumentParser
import Commands
import Evaluation
import InceptionFeatures

struct FrechetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frechet",
    abstract: "The Frechet distance of two files of features, and its time.",
    discussion: "A file is .npy [N, dimension], or an entry of the cache that evaluate keeps.")

  @Argument(help: "Features of the first set.")
  var first: String
  @Argument(help: "Features of the second set.")
  var second: String

  func run() throws {
    try printJSON(FrechetBenchmark(first, second, LibTorchAlgebra()))
  }
}
